import { createHash } from "node:crypto";
import { findDifferences } from "../../drift/live/mod.ts";
import type { Difference } from "../../drift/live/compare.ts";
import type { Migration } from "../../stack/migrations.ts";

/** What a table is made of: it has to be as the migrations say before anything is built on it. */
const STRUCTURE: ReadonlySet<string> = new Set(["column", "type", "key"]);

/** What holds code, in which people write addresses and keys: it is not told, its digest is. */
const CODE: ReadonlySet<string> = new Set(["function", "job"]);

/** How a database departs from some migrations, by effect. */
export interface Departures {
  /** What is missing or otherwise, and what was added to a table that the migrations make. */
  readonly drift: readonly Difference[];
  /** Whole objects that no migration makes: the project's other parts. They are let be. */
  readonly others: readonly Difference[];
}

/**
 * Compares a deployed database with what some migrations make, in an embedded one.
 *
 * @throws {StackError} when a migration fails
 */
export async function departuresFrom(
  migrations: readonly Migration[],
  { db, hasCron }: { db: string; hasCron: boolean },
): Promise<Departures> {
  const folder = await Deno.makeTempDir({ prefix: "deploy-" });
  try {
    for (const { file, sql } of migrations) {
      await Deno.writeTextFile(`${folder}/${file}`, sql);
    }
    const found = await findDifferences({
      live: db,
      byEffect: true,
      migrations: folder,
      progress: () => {}, // a line for each migration
    });
    // a database that cannot hold jobs lacks none
    const holding = found.filter(({ kind }) => hasCron || kind !== "job");
    return sort(holding.map(withoutCode));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function withoutCode(difference: Difference): Difference {
  const { kind, deployed } = difference;
  if (deployed === null || !CODE.has(kind)) return difference;
  const digest = createHash("sha256").update(deployed).digest("hex");
  return { ...difference, deployed: `sha256 ${digest}` };
}

function sort(found: readonly Difference[]): Departures {
  const isOther = ({ state, owner }: Difference) =>
    state === "extra" && owner === null;
  return {
    drift: found.filter((it) => !isOther(it)),
    others: found.filter(isOther),
  };
}

/**
 * Of what a database has otherwise, what concerns the shape of tables: what is missing or other, and columns that
 * nothing here knows and that have to be given.
 */
export function structural(found: readonly Difference[]): Difference[] {
  return found.filter(({ kind, state, deployed }) =>
    state === "extra"
      ? kind === "column" && isDemanded(deployed)
      : STRUCTURE.has(kind) || kind === "table" && state === "missing"
  );
}

/** What fixes cannot be built without: no review makes up for it. */
export function indispensable(found: readonly Difference[]): Difference[] {
  return found.filter(({ kind, state }) =>
    state === "missing" && (kind === "table" || kind === "column")
  );
}

/** What a table may have beside without anything here being otherwise for it. */
export function isHarmless(
  { kind, state, deployed }: Difference,
): boolean {
  if (state !== "extra") return false;
  return kind === "column"
    ? !isDemanded(deployed)
    : kind === "index" && !/^CREATE UNIQUE /.test(deployed ?? "");
}

/** Whether rows cannot be added without a value for the column. */
function isDemanded(column: string | null): boolean {
  return / not null$/.test(column ?? "");
}
