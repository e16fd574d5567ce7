import type { Source } from "./code/chain.ts";
import { positionOf } from "./code/position.ts";
import type { Fix, Judged } from "./finding.ts";

/** A finding with the rename that mends it. */
export type Fixable = Judged & { readonly fix: Fix };

/** A rename that was made, and where its text now starts. */
export interface Made {
  readonly finding: Fixable;
  readonly source: Source;
  readonly start: number;
}

/** The findings that can be mended. */
export function fixable(findings: readonly Judged[]): Fixable[] {
  return findings.filter((finding): finding is Fixable =>
    finding.fix !== undefined
  );
}

/** The sources that the renames change, as they are then. */
export function applyFixes(
  sources: readonly Source[],
  findings: readonly Fixable[],
): { readonly changed: readonly Source[]; readonly made: readonly Made[] } {
  const byFile = Map.groupBy(findings, ({ fix }) => fix.span.source.file);
  const results = sources.flatMap((source) => {
    const here = apart(byFile.get(source.file) ?? []);
    return here.length > 0 ? [applyTo(source, here)] : [];
  });
  return {
    changed: results.map(({ source }) => source),
    made: results.flatMap(({ made }) => made),
  };
}

/** Those mended whose new name is wrong in the same way: the old was right for somebody else. */
export function regretted(
  made: readonly Made[],
  findings: readonly Judged[],
): Fixable[] {
  return made.filter(({ finding, source, start }) => {
    const from = positionOf(source, start);
    const to = from.column + finding.fix.text.length;
    return findings.some((other) => {
      const { file, line, column } = other.from ?? other;
      return file === source.file && other.rule === finding.rule &&
        line === from.line && column >= from.column && column < to;
    });
  }).map(({ finding }) => finding);
}

function applyTo(
  { file, text }: Source,
  findings: readonly Fixable[],
): { source: Source; made: Made[] } {
  const starts: { finding: Fixable; start: number }[] = [];
  let fixed = "";
  let end = 0;
  for (const finding of findings) {
    const { span, text: replacement } = finding.fix;
    fixed += text.slice(end, span.start);
    starts.push({ finding, start: fixed.length });
    fixed += replacement;
    end = span.end;
  }
  const source = { file, text: fixed + text.slice(end) };
  return { source, made: starts.map((it) => ({ ...it, source })) };
}

/** In order, without those that overlap: two that differ are not certain. */
function apart(findings: readonly Fixable[]): Fixable[] {
  const sorted = findings
    .toSorted((one, other) => one.fix.span.start - other.fix.span.start)
    .filter((it, index, all) => !isSame(it.fix, all[index - 1]?.fix));
  return sorted.filter((it) =>
    sorted.every((other) => other === it || !overlap(it.fix, other.fix))
  );
}

function isSame(fix: Fix, other: Fix | undefined): boolean {
  return other !== undefined && fix.text === other.text &&
    fix.span.start === other.span.start && fix.span.end === other.span.end;
}

function overlap({ span: one }: Fix, { span: other }: Fix): boolean {
  return one.start < other.end && other.start < one.end;
}
