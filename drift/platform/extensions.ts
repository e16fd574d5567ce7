import { blot, statementsOf } from "../../stack/statements.ts";
import { vector } from "@electric-sql/pglite/vector";
import { btree_gin } from "@electric-sql/pglite/contrib/btree_gin";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { cube } from "@electric-sql/pglite/contrib/cube";
import { earthdistance } from "@electric-sql/pglite/contrib/earthdistance";
import { fuzzystrmatch } from "@electric-sql/pglite/contrib/fuzzystrmatch";
import { hstore } from "@electric-sql/pglite/contrib/hstore";
import { intarray } from "@electric-sql/pglite/contrib/intarray";
import { ltree } from "@electric-sql/pglite/contrib/ltree";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { pgcrypto } from "@electric-sql/pglite/contrib/pgcrypto";
import { tablefunc } from "@electric-sql/pglite/contrib/tablefunc";
import { unaccent } from "@electric-sql/pglite/contrib/unaccent";
import { uuid_ossp } from "@electric-sql/pglite/contrib/uuid_ossp";

/** The extensions of Supabase's that the embedded database has. */
export const EXTENSIONS = {
  btree_gin,
  btree_gist,
  citext,
  cube,
  earthdistance,
  fuzzystrmatch,
  hstore,
  intarray,
  ltree,
  pg_trgm,
  pgcrypto,
  tablefunc,
  unaccent,
  uuid_ossp,
  vector,
};

/** Names under which `create extension` finds them. */
const THERE = new Set([
  ...Object.keys(EXTENSIONS),
  "uuid-ossp",
  "plpgsql",
]);

/** What migrations use of the others, declared: `%s` is the schema. Types print and compare as text. */
const DECLARED: Readonly<Record<string, string>> = {
  moddatetime:
    `create or replace function %s.moddatetime() returns trigger language plpgsql as $$ begin return new; end $$;`,
  postgis:
    ["geometry", "geography"].map((type) =>
      `do $$ begin create domain %s.${type} as text; exception when duplicate_object then null; end $$;`
    ).join("\n") + `
create or replace function %s.st_makepoint(double precision, double precision) returns %s.geometry language sql as $$ select ''::text $$;
create or replace function %s.st_setsrid(%s.geometry, integer) returns %s.geometry language sql as $$ select $1 $$;
create or replace function %s.st_distance(%s.geography, %s.geography) returns double precision language sql as $$ select 0::float $$;
create or replace function %s.st_dwithin(%s.geography, %s.geography, double precision) returns boolean language sql as $$ select true $$;
create or replace function %s.st_x(%s.geometry) returns double precision language sql as $$ select 0::float $$;
create or replace function %s.st_y(%s.geometry) returns double precision language sql as $$ select 0::float $$;
create or replace function %s.st_astext(%s.geometry) returns text language sql as $$ select $1::text $$;`,
  pgjwt:
    `create or replace function %s.sign(payload json, secret text, algorithm text default 'HS256') returns text language sql as $$ select ''::text $$;
create or replace function %s.verify(token text, secret text, algorithm text default 'HS256') returns table (header json, payload json, valid boolean) language sql as $$ select null::json, null::json, true $$;`,
  http: `do $$ begin
  create type %s.http_header as (field varchar, value varchar);
  create type %s.http_response as (status integer, content_type varchar, headers %s.http_header[], content varchar);
exception when duplicate_object then null; end $$;
create or replace function %s.http_get(uri varchar) returns %s.http_response language sql as $$ select null::%s.http_response $$;
create or replace function %s.http_post(uri varchar, content varchar, content_type varchar) returns %s.http_response language sql as $$ select null::%s.http_response $$;`,
  pgmq: `create schema if not exists pgmq;
create or replace function pgmq."create"(queue_name text) returns void language sql as $$ $$;
create or replace function pgmq.send(queue_name text, msg jsonb, delay integer default 0) returns setof bigint language sql as $$ select 1::bigint $$;
create or replace function pgmq.archive(queue_name text, msg_id bigint) returns boolean language sql as $$ select true $$;
create or replace function pgmq.delete(queue_name text, msg_id bigint) returns boolean language sql as $$ select true $$;
create or replace function pgmq.read(queue_name text, vt integer, qty integer) returns table (msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb) language sql as $$ select 1::bigint, 1, now(), now(), null::jsonb where false $$;
create or replace function pgmq.pop(queue_name text) returns table (msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb) language sql as $$ select 1::bigint, 1, now(), now(), null::jsonb where false $$;`,
  pg_jsonschema:
    `create or replace function %s.json_matches_schema(schema json, instance json) returns boolean language sql immutable as $$ select true $$;
create or replace function %s.jsonb_matches_schema(schema json, instance jsonb) returns boolean language sql immutable as $$ select true $$;`,
};

const OF_EXTENSION =
  /\b(create|alter|drop|comment\s+on)\s+extension\s+(?:if\s+(?:not\s+)?exists\s+)?("[^"]+"|[\w-]+)([^;]*);?/gi;
/** The same in a block, where it is a statement and no text. */
const IN_BLOCK =
  /(?<=(?:;|\bbegin|\bthen|\belse)\s*)(create|alter|drop)\s+extension\s+(?:if\s+(?:not\s+)?exists\s+)?("[^"]+"|[\w-]+)([^;]*);/gi;

/** A domain takes no modifier. */
const SPATIAL = /\b(geometry|geography)\s*\(\s*\w+\s*(?:,\s*\d+\s*)?\)/gi;

/**
 * A script without what it does with extensions that the embedded database does not have, each line where
 * it was, and what stands in for them.
 */
export function withoutExtensions(
  sql: string,
): { readonly sql: string; readonly declared: string } {
  if (!/\bextension\b|\bgeo(?:metry|graphy)\b/i.test(sql)) {
    return { sql, declared: "" };
  }
  const declared: string[] = [];
  const leave = (verb: string, quoted: string, rest: string): boolean => {
    const name = quoted.replaceAll('"', "").toLowerCase();
    if (THERE.has(name)) return true;
    if (verb.toLowerCase() === "create") declared.push(standIn(name, rest));
    return false;
  };
  let left = sql;
  // what is in strings is no statement
  for (const match of blot(sql, "strings").matchAll(OF_EXTENSION)) {
    const [whole, verb = "", quoted = "", rest = ""] = match;
    if (leave(verb, quoted, rest)) continue;
    const end = match.index + whole.length;
    left = left.slice(0, match.index) + blank(whole) + left.slice(end);
  }
  for (const { code } of statementsOf(left)) {
    if (!/^do\b/i.test(code)) continue;
    const block = code.replaceAll(
      IN_BLOCK,
      (whole, verb: string, quoted: string, rest: string) =>
        leave(verb, quoted, rest) ? whole : `null;${blank(whole).slice(5)}`,
    );
    left = left.replace(code, () => block);
  }
  const plain = left.replaceAll(
    SPATIAL,
    (whole, type: string) => type.padEnd(whole.length),
  );
  return { sql: plain, declared: declared.join("\n") };
}

function standIn(name: string, rest: string): string {
  const [, schema = "extensions"] = /\bschema\s+"?(\w+)"?/i.exec(rest) ?? [];
  const sql = DECLARED[name];
  return sql === undefined ? "" : [
    `create schema if not exists ${schema};`,
    sql.replaceAll("%s", schema),
  ].join("\n");
}

/** As long, with the same lines. */
function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}
