import postgres from "postgres";
import { postgresSession, type Session } from "../../stack/session.ts";
import { assemble } from "./assemble.ts";
import type { Catalog } from "./catalog.ts";
import { QUERIES } from "./queries.ts";
import { CatalogRows } from "./rows.ts";

/** Reads the catalog of a running database. Nothing is written. @throws when it cannot be reached */
export async function fromDatabase(
  url: string,
  schemas: readonly string[],
): Promise<Catalog> {
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    connect_timeout: 10,
  });
  try {
    const rows = await sql.begin(
      "isolation level repeatable read read only",
      (transaction) => readRows(postgresSession(transaction), schemas),
    );
    return assemble(rows);
  } finally {
    await sql.end();
  }
}

/** Reads the catalog through a session that is in a transaction of its own. */
export async function readCatalog(
  session: Session,
  schemas: readonly string[],
): Promise<Catalog> {
  return assemble(await readRows(session, schemas));
}

/** Runs the queries: as many as there are kinds of objects, however large the database. */
export async function readRows(
  session: Session,
  schemas: readonly string[],
): Promise<CatalogRows> {
  // nothing is on the path, so that every type is printed with its schema
  await session.query("select set_config('search_path', '', true)");
  const rows: Record<string, unknown> = { schemas: [...schemas] };
  for (const [name, query] of Object.entries(QUERIES)) {
    const parameters = query.includes("$1") ? [schemas.join(",")] : [];
    rows[name] = await session.query(query, parameters);
  }
  return CatalogRows.parse(rows);
}
