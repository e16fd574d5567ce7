import type { Finding } from "../finding.ts";

/** One line each: `file:line:column rule: message — did you mean "name"?` */
export function text(findings: readonly Finding[]): string {
  return findings.map(line).join("\n");
}

function line(finding: Finding): string {
  const { file, line, column, rule } = finding;
  return `${file}:${line}:${column} ${rule}: ${sentence(finding)}`;
}

/** The message, with where the name is written and what was probably meant. */
export function sentence({ message, suggestion, from }: Finding): string {
  const written = from
    ? `${message}, from ${from.file}:${from.line}:${from.column}`
    : message;
  return suggestion === undefined
    ? written
    : `${written} — did you mean "${suggestion}"?`;
}
