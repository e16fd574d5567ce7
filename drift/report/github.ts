import type { Judged } from "../finding.ts";
import { sentence } from "./text.ts";

/** Workflow commands, which GitHub shows beside the line of a pull request. */
export function github(findings: readonly Judged[]): string {
  return findings.map(command).join("\n");
}

function command(finding: Judged): string {
  const { file, line, column, rule, level } = finding;
  const properties = Object.entries({ file, line, col: column, title: rule })
    .map(([name, value]) => `${name}=${property(String(value))}`);
  const kind = level === "advice" ? "warning" : "error";
  return `::${kind} ${properties.join(",")}::${data(sentence(finding))}`;
}

/** As the runner decodes it: percent, CR and LF. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D")
    .replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
