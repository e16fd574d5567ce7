import type { Catalog } from "./catalog/catalog.ts";
import type { ScannedFile, Source } from "./code/chain.ts";
import { CONTRACT_RULES } from "./contract/rules.ts";
import { positionOf } from "./code/position.ts";
import { scanProject } from "./code/scan.ts";
import { compareFindings, findingAt, type Judged, placeOf } from "./finding.ts";
import { applyIgnores } from "./ignore.ts";
import { judge } from "./rules/judge.ts";
import type { Found } from "./rules/rule.ts";
import { RULES } from "./rules/rules.ts";
import type { Unjudged } from "./touch/touched.ts";

/** What the gate says of some code. */
export interface Verdict {
  /** By file and line, advice included. */
  readonly findings: readonly Judged[];
  /** What is put together at run time: counted, never guessed. */
  readonly unjudged: readonly Unjudged[];
  /** Files and calls that could not be read, each with its reason: all else was judged. */
  readonly unread: readonly string[];
  readonly chains: number;
}

/** Told how many of the files are done. */
export type Progress = (done: number, total: number) => void;

const OF_DATABASE = RULES.map(({ code }) => code);
const CODES: ReadonlySet<string> = new Set([...OF_DATABASE, ...CONTRACT_RULES]);

/** Judges code by a catalog. */
export function judgeCode(
  sources: readonly Source[],
  catalog: Catalog,
  progress: Progress = () => {},
): Verdict {
  const files = scanProject(sources, progress);
  const judged = files.map((file) => judge(file, catalog));
  const found = judged.flatMap(({ found }) => found.map(findingOf))
    .filter((finding) => isKnown(finding, catalog));
  const asked = catalog.contracts ? CODES : new Set(OF_DATABASE);
  return {
    findings: applyIgnores(files, distinct(found), CODES, asked)
      .toSorted(compareFindings),
    unjudged: judged.flatMap(({ unjudged }) => unjudged),
    unread: files.flatMap((file, index) =>
      (judged[index]?.unread ?? []).map(({ start, reason }) =>
        start === 0
          ? `${file.file}: ${reason}`
          : `${placeIn(file, start)}: ${reason}`
      )
    ),
    chains: starts(files),
  };
}

/** What would have made a name failed: nothing is said of it. */
function isKnown({ table, name }: Judged, { unknown }: Catalog): boolean {
  return !unknown?.has(name) && !(table !== null && unknown?.has(table));
}

function placeIn(source: Source, start: number): string {
  const { line, column } = positionOf(source, start);
  return `${source.file}:${line}:${column}`;
}

function findingOf({ span, at, ...statement }: Found): Judged {
  return at
    ? findingAt(at, { ...statement, from: placeOf(span) })
    : findingAt(span, statement);
}

/** A helper that is called twice is judged twice, and wrong once. */
function distinct(findings: readonly Judged[]): Judged[] {
  const byPlace = new Map(
    findings.map((finding) => {
      const { file, line, column, rule, table, name, from } = finding;
      const key = [file, line, column, rule, table, name, from];
      return [JSON.stringify(key), finding];
    }),
  );
  return [...byPlace.values()];
}

function starts(files: readonly ScannedFile[]): number {
  const places = files.flatMap(({ chains }) =>
    chains.map(({ start: { span } }) => `${span.source.file} ${span.start}`)
  );
  return new Set(places).size;
}
