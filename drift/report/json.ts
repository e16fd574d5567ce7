import type { Finding } from "../finding.ts";

/** An array of findings, with their public fields alone. */
export function json(findings: readonly Finding[]): string {
  return JSON.stringify(findings.map(published), null, 2);
}

function published(finding: Finding): Finding {
  const { file, line, column, rule, table, name, message, suggestion, from } =
    finding;
  return {
    file,
    line,
    column,
    rule,
    table,
    name,
    message,
    ...suggestion === undefined ? {} : { suggestion },
    ...from === undefined ? {} : { from },
  };
}
