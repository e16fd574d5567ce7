import type { Catalog } from "../catalog/catalog.ts";
import { fromFiles } from "../catalog/from_files.ts";
import { readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";

/** The migrations the audit's rows are judged by: a later one may well make what they miss. */
const AUDITED = "20260326095347";
/** Of the later ones these grant on tables that the rows name, and make nothing that they miss. */
const GRANTS = ["reflection", "content", "notifications"];

/** The catalog of schema.sql, made on the embedded database as a migration of its own. */
export async function corpusCatalog(): Promise<Catalog> {
  const schema = new URL("./schema.sql", import.meta.url);
  const sql = await Deno.readTextFile(schema);
  return await catalogOf(new Map([["20260101000000_schema.sql", sql]]));
}

/** The catalog of this repository when it was audited. */
export async function auditCatalog(): Promise<Catalog> {
  const migrations = await readMigrations(MIGRATIONS_DIR);
  return await catalogOf(
    new Map(
      migrations
        .filter(({ version, name }) =>
          version <= AUDITED || GRANTS.includes(name)
        )
        .map(({ file, sql }) => [file, sql]),
    ),
  );
}

async function catalogOf(files: ReadonlyMap<string, string>): Promise<Catalog> {
  const folder = await Deno.makeTempDir({ prefix: "drift-corpus-" });
  try {
    for (const [file, sql] of files) {
      await Deno.writeTextFile(`${folder}/${file}`, sql);
    }
    const { catalog, failures } = await fromFiles({
      migrations: folder,
      schemas: ["public"],
      isGranted: false,
    });
    const [failure] = failures;
    if (failure) throw new Error(`${failure.file}: ${failure.message}`);
    return catalog;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
