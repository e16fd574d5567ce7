import { createHash } from "node:crypto";
import { findDifferences } from "../../drift/live/mod.ts";
import type { Difference } from "../../drift/live/compare.ts";
import type { Migration } from "../../stack/migrations.ts";

/** What a table is made of: it has to be as the migrations say before anything is built on it. */
const STRUCTURE: ReadonlySet<string> = new Set([
  "table",
  "column",
  "type",
  "key",
]);

/** What holds code, in which people write addresses and keys: it is not told, its digest is. */
const CODE: ReadonlySet<string> = new Set(["function", "job"]);

/** How a database departs from some migrations. */
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

/** Of what a database has otherwise, what concerns the shape of tables. */
export function structural(found: readonly Difference[]): Difference[] {
  return found.filter(({ kind, state }) =>
    STRUCTURE.has(kind) && state !== "extra"
  );
}
