import * as z from "zod/mini";
import type { Difference } from "../../drift/live/compare.ts";
import { StackError } from "../../stack/errors.ts";

const Known = z.array(z.object({
  state: z.string(),
  kind: z.string(),
  name: z.string(),
  deployed: z.nullable(z.string()),
}));

const SIGNED_IN = " to authenticated";

/** What is kept of a difference: the deployed side, so that it is told again once that changes. */
export type KnownDifference = z.infer<typeof Known>[number];

/**
 * Reads the differences that were reviewed.
 *
 * @throws {StackError} when the file cannot be read, or holds something else
 */
export async function readKnown(path: string): Promise<KnownDifference[]> {
  try {
    return Known.parse(JSON.parse(await Deno.readTextFile(path)));
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "is not there; --write-known writes it"
      : "is not a file of --write-known";
    throw new StackError(`--known: ${path} ${reason}`, { cause: error });
  }
}

/** Writes differences as `readKnown` reads them, in an order that two runs share. */
export async function writeKnown(
  path: string,
  differences: readonly Difference[],
): Promise<void> {
  const known = differences
    .map(({ state, kind, name, deployed }) => ({ state, kind, name, deployed }))
    .sort((a, b) => keyOf(a) < keyOf(b) ? -1 : 1);
  await Deno.writeTextFile(path, JSON.stringify(known, null, 2) + "\n");
}

/**
 * The differences that were not reviewed, or have changed since. What follows from what was reviewed was reviewed
 * with it.
 */
export function unreviewed(
  differences: readonly Difference[],
  known: readonly KnownDifference[],
): Difference[] {
  const keys = new Set(known.map(keyOf));
  const governed = ownPolicies(differences, keys);
  const own = new Set(
    differences.filter((it) =>
      it.state === "extra" && it.kind === "column" && covers(keys, it)
    ).map(({ name }) => name),
  );
  return differences.filter((it) =>
    !covers(keys, it) && !isGoverned(it, governed) && !isLess(it, known) &&
    !isOnOwn(it, own)
  );
}

/** A column that was reviewed as one that has to be given stays so when it no longer has to. */
function covers(known: ReadonlySet<string>, it: KnownDifference): boolean {
  return known.has(keyOf(it)) ||
    it.state === "extra" && it.kind === "column" && it.deployed !== null &&
      known.has(keyOf({ ...it, deployed: `${it.deployed} not null` }));
}

/** The tables that have policies of their own, all of which were reviewed. */
function ownPolicies(
  differences: readonly Difference[],
  known: ReadonlySet<string>,
): ReadonlySet<string | null> {
  const own = Map.groupBy(
    differences.filter(({ state, kind }) =>
      state === "extra" && kind === "policy"
    ),
    ({ owner }) => owner,
  );
  return new Set(
    [...own].filter(([, all]) => all.every((it) => covers(known, it)))
      .map(([table]) => table),
  );
}

/** A table that keeps policies of its own has them in place of ours. */
function isGoverned(
  { state, kind, owner }: Difference,
  governed: ReadonlySet<string | null>,
): boolean {
  return state === "missing" && kind === "policy" && governed.has(owner);
}

/** Rights beside what is granted here, of which more were reviewed. */
function isLess(
  { state, kind, name, deployed }: Difference,
  known: readonly KnownDifference[],
): boolean {
  if (state !== "extra" || kind !== "grant") return false;
  const rights = rightsOf(deployed);
  return known.some((it) =>
    it.state === state && it.kind === kind && it.name === name &&
    rights.isSubsetOf(rightsOf(it.deployed))
  );
}

/** What signed-in users may write in a column of its own that was reviewed: before, they could in the whole table. */
function isOnOwn(
  { state, kind, name }: Difference,
  columns: ReadonlySet<string>,
): boolean {
  return state === "extra" && kind === "grant" &&
    name.endsWith(SIGNED_IN) && columns.has(name.slice(0, -SIGNED_IN.length));
}

function rightsOf(list: string | null): ReadonlySet<string> {
  return new Set(list?.split(", ") ?? []);
}

function keyOf({ state, kind, name, deployed }: KnownDifference): string {
  return JSON.stringify([state, kind, name, deployed]);
}
