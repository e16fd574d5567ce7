import type { Catalog } from "./catalog/catalog.ts";
import type { ScannedFile, Source, Statement } from "./code/chain.ts";
import { CONTRACT_RULES } from "./contract/rules.ts";
import { positionOf } from "./code/position.ts";
import { openProject } from "./code/project.ts";
import { scanAll } from "./code/scan.ts";
import { compareFindings, findingAt, type Judged, placeOf } from "./finding.ts";
import { applyIgnores } from "./ignore.ts";
import { judge } from "./rules/judge.ts";
import type { Found } from "./rules/rule.ts";
import { RULES } from "./rules/rules.ts";
import { STATEMENT_RULE } from "./statements/rule.ts";
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

const OF_CALLS = RULES.map(({ code }) => code);
const CODES: ReadonlySet<string> = new Set([
  ...OF_CALLS,
  ...CONTRACT_RULES,
  STATEMENT_RULE,
]);

/** What the calls in files are found to be, before it is known what the SQL in them is. */
export interface Collected {
  readonly found: readonly Found[];
  readonly unjudged: readonly Unjudged[];
  readonly unread: readonly string[];
  readonly chains: number;
  readonly ignores: readonly Pick<ScannedFile, "file" | "ignores">[];
  readonly statements: readonly Statement[];
}

/** Judges code by a catalog, but for the SQL in it. */
export function judgeCode(
  sources: readonly Source[],
  catalog: Catalog,
  progress: Progress = () => {},
): Verdict {
  const project = openProject(sources);
  return verdictOf(collect(scanAll(project, progress), catalog), catalog);
}

/** Judges the calls of one file after the other: what was read of a file is not kept. */
export function collect(
  files: Iterable<ScannedFile>,
  catalog: Catalog,
): Collected {
  const found: Found[] = [];
  const unjudged: Unjudged[] = [];
  const unread: string[] = [];
  const ignores: Pick<ScannedFile, "file" | "ignores">[] = [];
  const statements: Statement[] = [];
  const starts = new Set<string>();
  for (const scanned of files) {
    const judged = judge(scanned, catalog);
    for (const it of judged.found) found.push(it);
    for (const it of judged.unjudged) unjudged.push(it);
    for (const { start, reason } of judged.unread) {
      unread.push(
        start === 0
          ? `${scanned.file}: ${reason}`
          : `${placeIn(scanned, start)}: ${reason}`,
      );
    }
    if (scanned.ignores.length > 0) {
      ignores.push({ file: scanned.file, ignores: scanned.ignores });
    }
    for (const it of scanned.statements) statements.push(it);
    for (const { start: { span } } of scanned.chains) {
      starts.add(`${span.source.file} ${span.start}`);
    }
  }
  const chains = starts.size;
  return { found, unjudged, unread, chains, ignores, statements };
}

/**
 * What is said of what was collected.
 *
 * @param inSql what a database says of the SQL in it; undefined where it was not asked
 */
export function verdictOf(
  { found, unjudged, unread, chains, ignores }: Collected,
  catalog: Catalog,
  inSql?: readonly Found[],
): Verdict {
  const all = [...found, ...inSql ?? []].map(findingOf)
    .filter((finding) => isKnown(finding, catalog));
  const asked = new Set([
    ...OF_CALLS,
    ...catalog.contracts ? CONTRACT_RULES : [],
    ...inSql ? [STATEMENT_RULE] : [],
  ]);
  const left = applyIgnores(ignores, distinct(all), CODES, asked);
  return {
    findings: withoutEchoes(left, catalog).toSorted(compareFindings),
    unjudged,
    unread,
    chains,
  };
}

/** Where nothing at all is granted, that is one finding, at the first call that needs it. */
function withoutEchoes(
  findings: readonly Judged[],
  { schemas }: Catalog,
): readonly Judged[] {
  const relations = [...schemas.values()]
    .flatMap(({ relations }) => [...relations.values()]);
  const isBare = relations.length > 0 &&
    relations.every(({ grants }) =>
      grants &&
      [...grants.values()].every((of) =>
        [...of.values()].every((columns) => columns.size === 0)
      )
    );
  if (!isBare) return findings;
  const [first, ...others] = findings
    .filter(({ rule, table }) => rule === "not-granted" && isTable(table))
    .toSorted(compareFindings);
  if (!first || others.length === 0) return findings;
  const message =
    `nothing grants a table to anon, authenticated or service_role, which projects made since 2026-10-30 do not by default: ${
      others.length + 1
    } uses need it`;
  return [
    ...findings.filter((it) => it !== first && !others.includes(it)),
    { ...first, table: null, name: "grant", message },
  ];

  function isTable(name: string | null): boolean {
    return relations.some((relation) => relation.name === name);
  }
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
