import { keyOf } from "../baseline.ts";
import type { Source } from "../code/chain.ts";
import type { Judged } from "../finding.ts";
import { judgeAll } from "../judge_all.ts";
import type { Ground } from "../ground.ts";

/** The code of a release, and the database that it was made for. */
export interface Release {
  readonly sources: readonly Source[];
  readonly ground: Ground;
}

/** What goes wrong while only one of code and database is the new one. */
export interface Rollout {
  /** Calls of the release before that the new database no longer answers: they are still running then. */
  readonly stops: readonly Judged[];
  /** Calls of the new release that the database of the one before does not answer yet. */
  readonly needs: readonly Judged[];
}

/** Holds the code of each release against the database of the other. What was wrong before is left out. */
export async function compareReleases(
  before: Release,
  after: Release,
): Promise<Rollout> {
  return {
    stops: await newWrongs(before, after.ground),
    needs: await newWrongs(after, before.ground),
  };
}

async function newWrongs(
  { sources, ground }: Release,
  other: Ground,
): Promise<Judged[]> {
  const known = new Set((await drift(sources, ground)).map(placed));
  return (await drift(sources, other)).filter((it) => !known.has(placed(it)));
}

async function drift(
  sources: readonly Source[],
  ground: Ground,
): Promise<readonly Judged[]> {
  const { findings } = await judgeAll(sources, ground);
  return findings.filter(({ level, rule }) =>
    level === "drift" && rule !== "drift-ignore"
  );
}

function placed(finding: Judged): string {
  return `${finding.line}:${finding.column} ${keyOf(finding)}`;
}
