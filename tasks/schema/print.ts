import type { Difference } from "../../drift/live/compare.ts";

/** Around where two definitions part, this many lines of each are shown. */
const SHOWN = 3;

/** Longer ones, which stand on one side alone, are there to be read. */
const SHORT = 100;

/** One difference: what it is, and both sides where they part. */
export function differenceText(
  { kind, name, repository, deployed }: Difference,
): string {
  if (repository === null || deployed === null) {
    const where = deployed === null ? "schemas" : "migrations";
    const definition = (repository ?? deployed ?? "").replaceAll(/\s+/g, " ")
      .trim();
    const shown = definition !== "" && definition.length <= SHORT
      ? `: ${definition}`
      : "";
    return `only in ${where}: ${kind} ${name}${shown}`;
  }
  const [here, there] = [linesOf(repository), linesOf(deployed)];
  const first = here.findIndex((line, index) => line !== there[index]);
  const from = first < 0 ? here.length : first;
  return [
    `different: ${kind} ${name}`,
    ...shown(here, from).map((line) => `  schemas:    ${line}`),
    ...shown(there, from).map((line) => `  migrations: ${line}`),
  ].join("\n");
}

function shown(lines: readonly string[], from: number): string[] {
  const part = lines.slice(from, from + SHOWN);
  return part.length > 0 ? part : ["(ends)"];
}

function linesOf(definition: string): string[] {
  return definition.split("\n").map((line) => line.trimEnd())
    .filter((line) => line !== "");
}
