import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { postgresTest } from "../../support/sql.ts";
import { api } from "../../support/stack.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

async function drift(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "drift/main.ts", "--sql", ...args, "tests/drift/sql"],
    cwd: ROOT,
    signal: AbortSignal.timeout(120_000),
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

Deno.test("--sql without --db cannot run, and says why", async () => {
  const { code, stderr } = await drift();
  assertEquals(code, 2);
  assertStringIncludes(stderr, "--sql wants --db");
});

postgresTest(
  "--sql prints its findings and leaves the database as it was",
  async (server) => {
    const name = `drift_${crypto.randomUUID().replaceAll("-", "")}`;
    const url = new URL(api.dbUrl ?? "");
    url.pathname = `/${name}`;
    await server.unsafe(`create database ${name}`);
    const sql = postgres(url.href, { max: 1 });
    try {
      assertEquals((await drift("--db", url.href)).code, 0);
      await sql.unsafe(`create function public.f() returns void language plpgsql
        as 'begin perform no_such(); end'`);
      const { code, stdout } = await drift("--db", url.href);
      assertEquals([code, stdout], [
        1,
        "database:1:1 sql-plpgsql: f(): function no_such() does not exist\n",
      ]);
      const extensions = await sql`
        select extname from pg_extension where extname <> 'plpgsql'`;
      assertEquals([...extensions], []);
    } finally {
      await sql.end();
      await server.unsafe(`drop database ${name} with (force)`);
    }
  },
);
