import { assert, assertEquals } from "@std/assert";
import type postgres from "postgres";
import { jobsInText } from "../../drift/live/jobs.ts";
import { readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { realPostgres } from "../support/stack.ts";
import { onFreshDatabase } from "../support/sql.ts";
import { type Case, nameOf } from "./explain/case.ts";
import { CONTENT } from "./explain/cases_content.ts";
import { EVENTS } from "./explain/cases_events.ts";
import { MONEY } from "./explain/cases_money.ts";
import { PEOPLE } from "./explain/cases_people.ts";
import { PRIVATE, WRITES } from "./explain/cases_writes.ts";
import { fill, largeTables } from "./explain/fill.ts";
import { type Explaining, openExplaining, scansIn } from "./explain/plans.ts";
import { NOT_CALLED, WHOLE_TABLES } from "./explain/whole_tables.ts";

const CASES = [
  ...PEOPLE,
  ...MONEY,
  ...CONTENT,
  ...EVENTS,
  ...PRIVATE,
  ...WRITES,
];

/** PostgreSQL plans for the values given five times, and may keep a plan for all values from the sixth. */
const CALLS = 7;
/** A pass over everything is itself long; two calls show whether it is one. */
const CALLS_OF_WHOLE_TABLES = 2;
/** More scans than this in one call are one for each of something. */
const MAX_SCANS = 50;

Deno.test({
  name:
    "no function reads a table of more than 10,000 rows from one end to the other, on real Postgres",
  ...realPostgres,
  fn: (t) =>
    onFreshDatabase({}, async (_, url) => {
      await using explaining = await openExplaining(url ?? "");
      const { sql } = explaining;
      await fill(sql);
      const { large, tooSmall } = await largeTables(sql);
      assertEquals(
        tooSmall,
        [],
        "can grow, and are neither filled nor in SMALL",
      );

      await t.step(
        "a nested statement that reads one is noticed",
        () => noticesOne(explaining, large),
      );
      for (const it of CASES) {
        await t.step(
          nameOf(it),
          () => readsNothingWhole(explaining, it, large),
        );
      }
      await t.step(
        "every function, view and job is among them",
        () => areAllThere(sql),
      );
      await t.step(
        "every PL/pgSQL function was called",
        () => wereAllCalled(sql),
      );
    }),
});

async function noticesOne(
  { sql, during }: Explaining,
  large: ReadonlySet<string>,
): Promise<void> {
  const statement = "select from public.notifications n where n.title = 'x'";
  const plans = await during(async () => {
    await sql.unsafe(
      `do $do$ begin if exists (${statement}) then null; end if; end $do$`,
    );
  });
  const tables = scansIn(plans, large).map(({ table }) => table);
  assertEquals(tables, ["public.notifications"]);
}

async function readsNothingWhole(
  { sql, during }: Explaining,
  it: Case,
  large: ReadonlySet<string>,
): Promise<void> {
  const whole = WHOLE_TABLES[nameOf(it)];
  const calls = whole ? CALLS_OF_WHOLE_TABLES : CALLS;
  let answer = "";
  await sql.unsafe("begin");
  try {
    if (it.before) await sql.unsafe(it.before).simple();
    await become(sql, it.as);
    const plans = await during(async () => {
      for (let call = 1; call <= calls; call++) {
        await sql.unsafe("savepoint before");
        answer = JSON.stringify([...await sql.unsafe(it.call)]);
        await sql.unsafe("rollback to savepoint before");
      }
    });
    assert(answer.includes(it.answers ?? ""), `it answered ${answer}`);
    assert(plans.length >= calls, "auto_explain said nothing");
    const scans = scansIn(plans, large);
    const unexpected = scans.filter(({ table, loops }) =>
      loops > 1 || !whole?.tables.includes(table)
    );
    assertEquals(
      new Set(unexpected.map((scan) => JSON.stringify(scan))),
      new Set(),
    );
    assert(
      scans.length <= calls * MAX_SCANS,
      `${scans.length} scans in ${calls} calls`,
    );
    const read = new Set(scans.map(({ table }) => table));
    assertEquals(
      [...read].sort(),
      whole?.tables ?? [],
      "WHOLE_TABLES says more",
    );
  } finally {
    await sql.unsafe("rollback");
  }
}

/** Goes on as a role of the API, as PostgREST does. */
async function become(sql: postgres.Sql, as: Case["as"]): Promise<void> {
  if (as === "owner") return;
  const [role, user] = typeof as === "string"
    ? [as, "null"]
    : ["authenticated", as.user];
  await sql.unsafe(
    `select set_config('request.jwt.claims',
      jsonb_build_object('sub', ${user}, 'role', '${role}')::text, true)`,
  );
  await sql.unsafe(`set local role ${role}`);
}

async function areAllThere(sql: postgres.Sql): Promise<void> {
  const cases = new Set(CASES.map(({ of }) => of));
  const functions = await sql<{ name: string }[]>`
    select distinct p.proname as name from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.prorettype <> 'trigger'::regtype
    union
    select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')`;
  assert(functions.length > 50, "the schema public");
  const missing = functions.filter(({ name }) => !cases.has(name));
  assertEquals(missing.map(({ name }) => name), [], "have no case");
  assertEquals(
    (await jobs()).filter((name) => !cases.has(name) && !NOT_CALLED[name]),
    [],
  );
  const names = new Set(CASES.map(nameOf));
  assertEquals(
    Object.keys(WHOLE_TABLES).filter((name) => !names.has(name)),
    [],
  );
}

/** What pg_cron calls. */
async function jobs(): Promise<string[]> {
  const found = new Set<string>();
  for (
    const { definition } of jobsInText(await readMigrations(MIGRATIONS_DIR))
  ) {
    const [, called] = / select (?:public|private)\.(\w+)\(/.exec(definition) ??
      [];
    if (called !== undefined) found.add(called);
  }
  assert(found.size > 5, "the jobs");
  return [...found];
}

async function wereAllCalled(sql: postgres.Sql): Promise<void> {
  await sql`select pg_stat_force_next_flush()`;
  const rest = await sql<{ name: string }[]>`
    select p.proname as name from pg_proc p
    join pg_language l on l.oid = p.prolang and l.lanname = 'plpgsql'
    where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
      and not exists (select from pg_stat_user_functions s where s.funcid = p.oid and s.calls > 0)
    order by 1`;
  assertEquals(
    rest.map(({ name }) => name),
    Object.keys(NOT_CALLED).sort(),
    "is not what NOT_CALLED says",
  );
}
