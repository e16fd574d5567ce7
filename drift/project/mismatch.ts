import type { Judged } from "../finding.ts";

/** A disagreement between the files of a project; `index` is the offset of the name in the file's text. */
export function mismatch(
  { file, text, index }: { file: string; text: string; index: number },
  name: string,
  message: string,
): Judged {
  const before = text.slice(0, Math.max(index, 0)).split("\n");
  return {
    file,
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    rule: "config",
    table: null,
    name,
    message,
    level: "drift",
  };
}
