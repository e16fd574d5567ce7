import postgres from "postgres";
import * as z from "zod/mini";
import { openDatabase } from "../../stack/database.ts";
import { StackError } from "../../stack/errors.ts";
import { SUPABASE_CLI } from "../../tasks/support/supabase_cli.ts";

/**
 * Runs `supabase db lint` on the corpus's schema, in a database of its own on the server, and says how
 * many issues it reports.
 *
 * @throws {StackError} when the CLI fails
 */
export async function lintDatabase(server: string): Promise<string> {
  const sql = postgres(server, { max: 1, onnotice: () => {} });
  const name = `drift_${crypto.randomUUID().replaceAll("-", "")}`;
  await sql.unsafe(`create database ${name}`);
  try {
    const url = new URL(server);
    url.pathname = `/${name}`;
    await makeSchema(url.href);
    return String(await lint(url.href));
  } finally {
    await sql.unsafe(`drop database ${name} with (force)`);
    await sql.end();
  }
}

async function makeSchema(url: string): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "drift-corpus-" });
  try {
    const schema = new URL("./schema.sql", import.meta.url);
    await Deno.copyFile(schema, `${folder}/20260101000000_schema.sql`);
    const database = await openDatabase({
      db: url,
      migrations: folder,
      seed: false,
    });
    await database.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const Report = z.object({ results: z.array(z.unknown()) });

async function lint(url: string): Promise<number> {
  const options = ["--level", "warning", "--output-format", "json"];
  const { success, stdout, stderr } = await new Deno.Command("npx", {
    args: [
      "-y",
      SUPABASE_CLI,
      "db",
      "lint",
      ...options,
      `--remote=${url}?sslmode=disable`,
    ],
  }).output();
  if (!success) {
    throw new StackError(`db lint: ${new TextDecoder().decode(stderr).trim()}`);
  }
  const report: unknown = JSON.parse(new TextDecoder().decode(stdout));
  return Report.parse(report).results.length;
}
