import type { Judged } from "../finding.ts";
import { github } from "./github.ts";
import { json } from "./json.ts";
import { sarif } from "./sarif.ts";
import { text } from "./text.ts";

/** How findings are written to standard output. */
export const FORMATS = ["text", "json", "sarif", "github"] as const;
export type Format = typeof FORMATS[number];

const WRITERS: Readonly<
  Record<Format, (findings: readonly Judged[]) => string>
> = { text, json, sarif, github };

/** The findings in a format; empty when there is nothing to print. */
export function report(format: Format, findings: readonly Judged[]): string {
  return WRITERS[format](findings);
}
