import { z } from "zod/mini";
import type { Judged } from "../finding.ts";

/** What a person said of findings, by their hashes: whether the code really is wrong there. */
export type Judgements = ReadonlyMap<string, boolean>;

const JudgementsFile = z.record(
  z.string().check(z.regex(/^[0-9a-f]{16}$/)),
  z.boolean(),
);

/**
 * What stays the same of a finding while lines move, of which nobody reads the code it is about: the hash
 * of its rule, its names, its file and the text of its line.
 *
 * @param text of the file
 */
export async function hashOf(
  { file, line, rule, table, name }: Judged,
  text: string,
): Promise<string> {
  const code = text.split(/\r\n|[\n\r\u2028\u2029]/)[line - 1]?.trim() ?? "";
  const bytes = new TextEncoder()
    .encode(JSON.stringify([rule, table, name, file, code]));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash.subarray(0, 8)]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Reads a file of judgements; none where there is no file. @throws when it is something else */
export async function readJudgements(path: string): Promise<Judgements> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Map();
    throw error;
  }
  return new Map(Object.entries(JudgementsFile.parse(JSON.parse(text))));
}

/** The text of a file of judgements, the same for the same. */
export function judgementsText(judgements: Judgements): string {
  const sorted = [...judgements]
    .toSorted(([one], [other]) => one < other ? -1 : 1);
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}
