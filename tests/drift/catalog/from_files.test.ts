import { assertEquals } from "@std/assert";
import { fromFiles } from "../../../drift/catalog/from_files.ts";
import { scratchProject } from "../../stack/scratch.ts";

const FILES = {
  "migrations/20260101000000_way.sql": "create table public.way (id integer);",
  "schemas/state.sql": "create table public.state (id integer);",
};

const PATHS = '[db.migrations]\nschema_paths = ["./schemas/*.sql"]\n';

async function tablesOf(files: Record<string, string>): Promise<string[]> {
  await using project = await scratchProject(files);
  const { catalog } = await fromFiles({
    supabase: project.folder,
    schemas: ["public"],
  });
  return [...catalog.schemas.get("public")?.relations.keys() ?? []];
}

Deno.test("a checkout with schema_paths is judged by its schemas, another by its migrations", async () => {
  assertEquals(await tablesOf({ ...FILES, "config.toml": PATHS }), ["state"]);
  assertEquals(await tablesOf(FILES), ["way"]);
});
