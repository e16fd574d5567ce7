import * as z from "zod/mini";
import { type Session, value } from "../../support/sql.ts";
import type { World } from "../columns/world.ts";
import type { Column, Relation } from "../matrix/catalog.ts";
import type { People } from "../matrix/people.ts";
import { isPerson, otherValueOf, type Row } from "../matrix/rows.ts";
import type { Call } from "./calls.ts";

const WHO: Readonly<Record<string, keyof People>> = {
  client: "owner",
  any: "owner",
  teaching: "staff",
  org_admin: "orgAdmin",
  admin: "admin",
};

/** Columns of the application's later state, which the migrations grant where they are there. */
const LATER = [
  "features.admin_notes",
  "programs.default_duration_days",
  "programs.is_published",
];

/** No default, and not what the rows have. */
const SOON = "2031-01-05 10:00+00";

const FUNCTIONS = `
select coalesce(jsonb_agg(jsonb_build_object(
  'name', p.proname,
  'args', coalesce(p.proargnames[1:p.pronargs], '{}'),
  'needed', p.pronargs - p.pronargdefaults,
  'anon', has_function_privilege('anon', p.oid, 'execute'),
  'user', has_function_privilege('authenticated', p.oid, 'execute')
)), '[]')
from pg_proc p where p.pronamespace = 'public'::regnamespace`;
const Functions = z.array(z.object({
  name: z.string(),
  args: z.array(z.string()),
  needed: z.number(),
  anon: z.boolean(),
  user: z.boolean(),
}));

/** Makes a call on the owner's rows, as who makes it. What came of it: `taken` where it is permitted. */
export async function make(
  sql: Session,
  world: World,
  call: Call,
): Promise<string> {
  return call.op === "rpc"
    ? await rpc(sql, call)
    : await write(sql, world, call);
}

/** Whether the caller may execute a function with these arguments. */
async function rpc(sql: Session, { on, who, names }: Call): Promise<string> {
  const given = names.map(({ name }) => name);
  const found = Functions.parse(await value(sql, FUNCTIONS)).find((it) =>
    it.name === on && given.every((name) => it.args.includes(name)) &&
    it.args.slice(0, it.needed).every((name) => given.includes(name))
  );
  if (!found) return "no such arguments";
  return (who === "public" ? found.anon : found.user) ? "taken" : "refused";
}

async function write(
  sql: Session,
  { relations, people, rows }: World,
  { on, op, who, names }: Call,
): Promise<string> {
  const relation = relations.find(({ name }) => name === on);
  const me = people[WHO[who] ?? "owner"];
  const self = names.find(({ name, value }) => value === "@self" && name);
  const row = await ownRow(sql, on, self?.name, me) ?? rows.get(on) ?? {};
  const key = keyOf(relation, row);
  const unknown = names.filter(({ name }) =>
    !relation?.columns.some((column) => column.name === name) &&
    !LATER.includes(`${on}.${name}`)
  );
  // of a table that production knows better, single columns cannot be granted
  if (unknown.length > 0 && !await isGrantedWhole(sql, on, op)) {
    return `refused: nobody is granted ${unknown[0]?.name}`;
  }
  const columns = (relation?.columns ?? []).flatMap((column) => {
    const named = names.find(({ name }) => name === column.name);
    return named ? [{ column, fixed: named.value }] : [];
  });
  if (columns.length === 0 && op !== "delete") return "taken";
  const fixedOf = (fixed: string) => fixed === "@self" ? me : fixed;

  if (op === "delete") {
    return await tried(sql, "pg_temp.try_delete($1, $2, $3::text::jsonb)", [
      me,
      on,
      JSON.stringify(key),
    ]);
  }
  const outcomes: string[] = [];
  if (op !== "update") {
    const inserted = Object.fromEntries(
      columns.map(({ column, fixed }) => [
        column.name,
        fixed === undefined ? row[column.name] : fixedOf(fixed),
      ]),
    );
    outcomes.push(
      await tried(sql, "pg_temp.try_insert($1, $2, $3::text::jsonb)", [
        me,
        on,
        JSON.stringify(inserted),
      ]),
    );
  }
  if (op !== "insert") {
    const changed = Object.fromEntries(
      columns.map(({ column, fixed }) => [
        column.name,
        fixed === undefined
          ? changeOf(column, row[column.name], people, key)
          : fixedOf(fixed),
      ]),
    );
    outcomes.push(
      await tried(
        sql,
        "pg_temp.try_update($1, $2, $3::text::jsonb, $4::text::jsonb)",
        [me, on, JSON.stringify(key), JSON.stringify(changed)],
      ),
    );
  }
  return outcomes.find((it) => it !== "taken" && it !== "ignored") ?? "taken";
}

/** The caller's own row, where there is one: what they write names themselves. */
async function ownRow(
  sql: Session,
  table: string,
  column: string | undefined,
  me: string,
): Promise<Row | undefined> {
  if (column === undefined) return undefined;
  const [found] = await sql.query(
    `select to_jsonb(t) as row from public."${table}" t where to_jsonb(t) ->> $1 = $2 limit 1`,
    [column, me],
  );
  return found && Object(found.row);
}

/** Whether the whole table is granted, with columns that only production has. */
async function isGrantedWhole(sql: Session, table: string, op: string) {
  const wanted = op === "upsert" ? ["insert", "update"] : [op];
  const held = await Promise.all(wanted.map((privilege) =>
    value(
      sql,
      "select has_table_privilege('authenticated', 'public.' || $1, $2)",
      [table, privilege],
    )
  ));
  return held.every(Boolean);
}

/** Another value, but the same person and the same row referred to. */
function changeOf(column: Column, old: unknown, people: People, key: Row) {
  if (isPerson(column) || column.refers || column.name in key) return old;
  if (column.type === "uuid") return old;
  return /^(date|timestamp)/.test(column.type)
    ? SOON
    : otherValueOf(column, old, people);
}

function keyOf(relation: Relation | undefined, row: Row): Row {
  return Object.fromEntries(
    (relation?.key ?? []).map((name) => [name, row[name]]),
  );
}

async function tried(
  sql: Session,
  call: string,
  parameters: string[],
): Promise<string> {
  return String(await value(sql, `select ${call}`, parameters));
}
