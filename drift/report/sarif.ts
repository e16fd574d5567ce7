import type { Judged, Place } from "../finding.ts";
import { keyOf } from "../baseline.ts";
import { sentence } from "./text.ts";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/** SARIF 2.1.0, which code scanning services and editors read. */
export function sarif(findings: readonly Judged[]): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  return JSON.stringify(
    {
      $schema: SCHEMA,
      version: "2.1.0",
      runs: [{
        tool: {
          driver: {
            name: "drift",
            rules: rules.map((id) => ({
              id,
              shortDescription: { text: id.replaceAll("-", " ") },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) =>
          result(finding, rules.indexOf(finding.rule))
        ),
      }],
    },
    null,
    2,
  );
}

function result(finding: Judged, ruleIndex: number) {
  const { rule, level, from } = finding;
  return {
    ruleId: rule,
    ruleIndex,
    level: level === "advice" ? "note" : "error",
    message: { text: sentence(finding) },
    locations: [location(finding)],
    ...from === undefined ? {} : { relatedLocations: [location(from)] },
    partialFingerprints: { "drift/v1": keyOf(finding) },
  };
}

function location({ file, line, column }: Place) {
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(file) },
      region: { startLine: line, startColumn: column },
    },
  };
}
