import { positionOf } from "../code/position.ts";
import type { Fix, Judged } from "../finding.ts";
import { sentence } from "../report/text.ts";

/** As in the Language Server Protocol: from 0. */
interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

const ERROR = 1;
const INFORMATION = 3;

/** A finding as an editor shows it: the word that it stands at is underlined. */
export function diagnosticOf(finding: Judged, lines: readonly string[]) {
  const { line, column, rule, level } = finding;
  return {
    range: wordAt(lines[line - 1] ?? "", line - 1, column - 1),
    severity: level === "drift" ? ERROR : INFORMATION,
    source: "drift",
    code: rule,
    message: sentence(finding),
  };
}

function wordAt(text: string, line: number, from: number): Range {
  const [word = ""] =
    /^(?:["'`][\w$.]*["'`]?|[\w$.]*)/.exec(text.slice(from)) ?? [];
  return {
    start: { line, character: from },
    end: { line, character: from + Math.max(word.length, 1) },
  };
}

/** The renames that are certain, in the file itself, as an editor offers them. */
export function actionsFor(
  uri: string,
  findings: readonly Judged[],
  { start, end }: Range,
) {
  return findings.flatMap(({ line, file, fix, suggestion }) => {
    const isHere = line - 1 >= start.line && line - 1 <= end.line;
    if (!isHere || !fix || fix.span.source.file !== file) return [];
    return [{
      title: `Change to "${suggestion ?? fix.text}"`,
      kind: "quickfix",
      edit: { changes: { [uri]: [editOf(fix)] } },
    }];
  });
}

function editOf({ span: { source, start, end }, text }: Fix) {
  const at = (offset: number): Position => {
    const { line, column } = positionOf(source, offset);
    return { line: line - 1, character: column - 1 };
  };
  return { range: { start: at(start), end: at(end) }, newText: text };
}
