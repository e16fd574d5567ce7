import { assertEquals } from "@std/assert";
import type { Source } from "../../../drift/code/chain.ts";
import { judgeAll } from "../../../drift/judge_all.ts";
import type { Ground } from "../../../drift/ground.ts";
import { onProject } from "../../../drift/platform/build.ts";
import { text } from "../../../drift/report/text.ts";

const SQL = `
create type public.mood as enum ('calm', 'loud');
create table public.pets (id uuid primary key default gen_random_uuid(), name text not null, mood public.mood, age int);
create function public.count_pets(p_mood public.mood) returns bigint language sql as
  $$ select count(*) from public.pets where mood = p_mood $$;
create schema hidden;
create table hidden.notes (id int);`;

const ground: Ground = {
  catalog: { schemas: new Map(), complete: false },
  onDatabase: (work) =>
    onProject(
      { files: [{ file: "pets.sql", sql: SQL }], isGranted: true },
      () => {},
      (session) => work(session),
    ),
};

async function judged(
  code: string,
  others: readonly Source[] = [],
): Promise<string[]> {
  const sources = [{ file: "a.ts", text: code }, ...others];
  const { findings } = await judgeAll(sources, ground);
  return findings.map((it) => text([it]));
}

Deno.test("a template is prepared with its holes as parameters, each mistake at its place", async () => {
  assertEquals(
    await judged(`
import postgres from "postgres";
const sql = postgres(url);
await sql\`select id, nme from pets where age > \${age} and name = \${name}\`;
await sql\`select id from \${sql(table)} where \${sql(column)} = 1\`;
await sql\`update pets set \${sql(row)} where id = \${id}\`;
await sql\`insert into pets (name, mood) values (\${name}, 'lout')\`;
await sql\`select count_pets(\${mood}), auth.uid(), now() from hidden.notes\`;
await sql\`
  select p.id
  from public.pets p join public.owners o on o.pet = p.id
\`;`),
    [
      'a.ts:4:22 raw-sql: column "nme" does not exist',
      'a.ts:7:58 raw-sql: invalid input value for enum mood: "lout"',
      'a.ts:11:27 raw-sql: relation "public.owners" does not exist',
    ],
  );
});

Deno.test("texts that are given to a client of pg, of Deno's driver and by constants are read", async () => {
  assertEquals(
    await judged(`
import { Pool } from "pg";
const pool = new Pool();
const FIND = "select id from pet where id = $1";
await pool.query(FIND, [id]);
await pool.query({ text: "select agee from pets" });
await client.queryObject("select id from pets where name = $name and age = $age", { name, age });
await client.query(\`select \${columns} from nowhere\`);
await client.query("select id from pets where mood = $1 order by created_at", [mood]);`),
    [
      'a.ts:5:18 raw-sql: relation "pet" does not exist, from a.ts:4:30',
      'a.ts:6:34 raw-sql: column "agee" does not exist',
      'a.ts:9:66 raw-sql: column "created_at" does not exist',
    ],
  );
});

Deno.test("a client of another file, by require too, is known by the driver that it is made with", async () => {
  const code = `
const pool = require("./db/pool");
await pool.query(\`
  select id, nick from pets where id = $1
\`, [id]);`;
  const made = (driver: string) => [{
    file: "db/pool.js",
    text:
      `const { Pool } = require("${driver}");\nmodule.exports = new Pool();`,
  }];
  assertEquals(await judged(code, made("pg")), [
    'a.ts:4:14 raw-sql: column "nick" does not exist',
  ]);
  assertEquals(await judged(code, made("mysql2")), []);
});

Deno.test("what is no SQL of PostgreSQL, made by the code itself, or on another path is let be", async () => {
  assertEquals(
    await judged(`
import { sql } from "drizzle-orm";
db.execute(sql\`select \${users.id} from \${users}\`);
db.select({ n: sql\`lower(\${users.name})\` });`),
    [],
  );
  assertEquals(
    await judged(`import mysql from "mysql2"; c.query("select a from nope");`),
    [],
  );
  assertEquals(
    await judged(
      `
import { Client } from "pg";
await c.query("create temp table scratch (id int)");
await c.query("select id from scratch");
await c.query("select id from notes");
await c.query("select x from elsewhere");`,
      [{
        file: "setup.ts",
        text:
          `const SETUP = "create table if not exists public.elsewhere (x int)";`,
      }],
    ),
    [],
  );
});

Deno.test("nothing is run, and nothing of one statement is left for the next", async () => {
  assertEquals(
    await judged(`
import { Client } from "pg";
await c.query("delete from pets; drop table pets");
await c.query("with gone as (delete from pets returning id) select id from gone");
await c.query("select id from pets");
await c.query("set search_path = hidden");
await c.query("select selct from pets");
// drift-ignore raw-sql: another database
await c.query("select id from elsewhere");`),
    ['a.ts:7:23 raw-sql: column "selct" does not exist'],
  );
});
