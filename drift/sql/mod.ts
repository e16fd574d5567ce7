import { readSource } from "../../stack/database.ts";
import { DriftFailure } from "../failure.ts";
import type { Judged } from "../finding.ts";
import { checkProject } from "../project/mod.ts";
import { Checkout } from "../project/checkout.ts";
import { examine } from "./examine.ts";
import { locate } from "./locate.ts";
import { undone } from "./undone.ts";

const SUPABASE = "supabase";

export interface SqlOptions {
  readonly db: string | undefined;
  readonly progress: (line: string) => void;
}

/**
 * Checks the SQL of a database and, where they are in the checkout, what its files say of its functions.
 * All is undone: the database stays as it was.
 *
 * @throws {DriftFailure} without a database, or with one that has no plpgsql_check
 */
export async function checkSql(
  { db, progress }: SqlOptions,
): Promise<Judged[]> {
  if (db === undefined) {
    throw new DriftFailure("--sql wants --db <url>: only a server checks SQL");
  }
  const functions = await new Checkout().functions();
  const complaints = await undone(
    db,
    (session) => examine(session, functions, progress),
  );
  const { schemas, migrations } = await readSource({ supabase: SUPABASE });
  const judged = complaints.map((it) => ({
    ...(schemas
      ? locate(it, schemas, SUPABASE)
      : locate(it, migrations, `${SUPABASE}/migrations`)),
    rule: it.rule,
    table: it.table,
    name: it.name,
    message: it.message,
    level: it.level ?? "drift",
  }));
  return [...judged, ...await checkProject()];
}
