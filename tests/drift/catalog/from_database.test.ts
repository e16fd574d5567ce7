import { assertEquals, assertRejects } from "@std/assert";
import type { Catalog } from "../../../drift/catalog/catalog.ts";
import {
  fromDatabase,
  readCatalog,
} from "../../../drift/catalog/from_database.ts";
import { corpusCatalog } from "../../../drift/corpus/catalog.ts";
import { onFreshDatabase } from "../../support/sql.ts";

Deno.test("a server's catalog is what the migrations make on the embedded database", async () => {
  const migrations = await Deno.makeTempDir();
  const schema = new URL("../../../drift/corpus/schema.sql", import.meta.url);
  await Deno.copyFile(schema, `${migrations}/20260101000000_schema.sql`);
  try {
    await onFreshDatabase(
      { migrations, defaultGrants: false },
      async (database, url) => {
        const catalog = url === undefined
          ? await database.transaction((sql) => readCatalog(sql, ["public"]))
          : await fromDatabase(url, ["public"]);
        assertEquals(plain(catalog), plain(await corpusCatalog()));
      },
    );
  } finally {
    await Deno.remove(migrations, { recursive: true });
  }
});

Deno.test("a server that cannot be reached is said to be away", async () => {
  await assertRejects(
    () =>
      fromDatabase("postgresql://postgres@127.0.0.1:1/postgres", ["public"]),
    Error,
    "ECONNREFUSED",
  );
});

/** Maps and sets as lists, which compare by what they hold. */
function plain(catalog: Catalog): unknown {
  return JSON.parse(
    JSON.stringify(
      catalog,
      (_key, value: unknown) =>
        value instanceof Map || value instanceof Set ? [...value] : value,
    ),
  );
}
