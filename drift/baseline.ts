import { z } from "zod/mini";
import { DriftFailure } from "./failure.ts";
import type { Finding } from "./finding.ts";

/** Findings that are known and no failures: how many of each, whatever line they stand on. */
export type Baseline = ReadonlyMap<string, number>;

const BaselineFile = z.array(z.object({
  file: z.string(),
  rule: z.string(),
  table: z.nullable(z.string()),
  name: z.string(),
  count: z.int().check(z.positive()),
}));
type Entry = z.infer<typeof BaselineFile>[number];

/** What a finding stays while lines move. */
export function keyOf(
  { file, rule, table, name }: Pick<
    Finding,
    "file" | "rule" | "table" | "name"
  >,
): string {
  return JSON.stringify([file, rule, table, name]);
}

/** Reads the file of `--baseline`. @throws {DriftFailure} when it is none */
export async function readBaseline(path: string): Promise<Baseline> {
  const entries = BaselineFile.safeParse(await readJson(path));
  if (!entries.success) {
    throw new DriftFailure(
      `${path} is no baseline: --write-baseline makes one`,
    );
  }
  return new Map(entries.data.map((entry) => [keyOf(entry), entry.count]));
}

/** The text of a baseline that knows these findings, the same for the same findings. */
export function baselineOf(findings: readonly Finding[]): string {
  const entries = new Map<string, Entry>();
  for (const { file, rule, table, name } of findings) {
    const key = keyOf({ file, rule, table, name });
    const count = (entries.get(key)?.count ?? 0) + 1;
    entries.set(key, { file, rule, table, name, count });
  }
  const sorted = [...entries].toSorted(([one], [other]) => one < other ? -1 : 1)
    .map(([, entry]) => entry);
  return `${JSON.stringify(sorted, null, 2)}\n`;
}

/** Those that the baseline does not know: of each kind, all beyond the known number. */
export function unknownTo<Some extends Finding>(
  baseline: Baseline,
  findings: readonly Some[],
): Some[] {
  const left = new Map(baseline);
  return findings.filter((finding) => {
    const key = keyOf(finding);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new DriftFailure(
        `no such baseline: ${path} (--write-baseline makes one)`,
      );
    }
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
