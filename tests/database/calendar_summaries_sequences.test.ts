import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Session } from "../support/sql.ts";
import {
  ask,
  askAfresh,
  givenRows,
  givenWorld,
  isKept,
  keepBody,
  quietly,
  TABLES,
  warm,
  type World,
} from "./calendar_world.ts";

const test = quietly("what is kept of feeds, in any sequence of changes");

const SEQUENCES = 15;
const SEED = 20260331;
const DAY = 86_400_000;

type Values = readonly unknown[];

// The numbers choose among what the world has: a table, one of its rows, a column and a value.
const step = fc.record({
  kind: fc.constantFrom("insert", "update", "update", "update", "delete"),
  table: fc.nat(TABLES.length),
  row: fc.nat(1),
  column: fc.nat(30),
  values: fc.array(fc.nat(30), { minLength: 30, maxLength: 30 }),
  only: fc.constantFrom(undefined, undefined, ["hosting"], [
    "coaching",
    "group",
  ]),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

test(
  "whatever is changed, the feed answers as if nothing were kept",
  async (sql) => {
    await sql.query(ATTEMPT);
    let answers = 0;
    let changes = 0;
    let bodies = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 10, maxLength: 14 }),
        async (steps) => {
          await sql.query("savepoint sequence");
          const world = await givenWorld(sql);
          await givenRows(sql, world);
          const shown = new Map<string, string>();
          for (const user of world.users) {
            shown.set(user, await warm(sql, user));
          }
          for (const it of steps) {
            await take(sql, world, it);
            for (const [user, known] of shown) {
              const fresh = await askAfresh(sql, user);
              const { outcome, fingerprint } = await ask(sql, user, { known });
              assertEquals(fingerprint, fresh, JSON.stringify(it));
              assertEquals(outcome, fresh === known ? "not_modified" : "ok");
              assert(await isKept(sql, user));
              const { body } = await ask(sql, user);
              assertEquals(body ?? `of ${fresh}`, `of ${fresh}`);
              await keepBody(sql, user, fresh);
              shown.set(user, fresh);
              bodies += Number(body !== null);
              answers += 1;
              changes += Number(fresh !== known);
            }
            await assertChosen(sql, world, it);
          }
          await sql.query("rollback to savepoint sequence");
        },
      ),
      { numRuns: SEQUENCES, seed: SEED, endOnFailure: true },
    );
    // the steps do reach what feeds show, and leave other feeds alone
    assert(changes > answers / 20 && changes < answers / 2, `${changes}`);
    assert(bodies > answers / 2 && bodies < answers, `${bodies}`);
  },
);

/** The same holds for a part of a feed. */
async function assertChosen(
  sql: Session,
  { users }: World,
  { only, row }: Step,
): Promise<void> {
  const user = String(at(users, row));
  const fingerprint = await askAfresh(sql, user, { only });
  assertEquals(await ask(sql, user, { only, known: fingerprint }), {
    outcome: "not_modified",
    fingerprint,
    body: null,
  });
}

/** Does a step; one that a constraint refuses changes nothing. */
async function take(
  sql: Session,
  world: World,
  { kind: wanted, table: index, row, column, values }: Step,
): Promise<void> {
  const table = TABLES[index] ?? "profiles";
  const kind = table === "profiles" ? "update" : wanted; // a feed needs its owner
  const id = TABLES[index] === undefined
    ? at(world.users, row)
    : at(await idsOf(sql, table), row);
  const pools = Object.entries(poolsOf(world, table));
  const [name, pool] = pools[column % pools.length] ?? ["id", []];
  const given = {
    ...NEEDED[table],
    ...Object.fromEntries(pools.map(([it, of], n) => [it, at(of, values[n])])),
    ...kind === "update" ? { [name]: at(pool, values[0]) } : {},
  };
  const columns = Object.keys(given).join(", ");
  const record = `jsonb_populate_record(null::public.${table}, $1)`;
  const statements = {
    insert:
      `insert into public.${table} (${columns}) select ${columns} from ${record}`,
    update:
      `update public.${table} set ${name} = (select v.${name} from ${record} v) where id = $2`,
    delete: `delete from public.${table} where id = $2`,
  };
  await sql.query("select pg_temp.attempt($1, $2::text::jsonb, $3)", [
    statements[kind],
    JSON.stringify(given),
    id,
  ]);
}

// In SQL, because each refusal that PGlite reports to its client sets the exit code of the process.
const ATTEMPT = `
  create function pg_temp.attempt(p_statement text, p_given jsonb, p_id uuid) returns void
  language plpgsql as $$
  begin
    execute p_statement using p_given, p_id;
  exception
    when integrity_constraint_violation then null;
  end
  $$`;

async function idsOf(sql: Session, table: string): Promise<string[]> {
  const rows = await sql.query(
    `select id::text from public.${table} order by id`,
  );
  return rows.length === 0
    ? [crypto.randomUUID()]
    : rows.map(({ id }) => String(id));
}

const TEXTS = ["One", "Two", "Three"];
const TIMES = [-40, -20, 1, 3, 600].map((days) =>
  new Date(Date.now() + days * DAY).toISOString()
);
const ANSWERS = ["pending", "accepted", "declined"];

/** What an insert needs besides. */
const NEEDED: Record<string, Record<string, unknown>> = {
  programs: { category: "leadership" },
  program_modules: { title: "Module", order_index: 7, module_type: "session" },
};

/** The values that each column is given. */
function poolsOf(world: World, table: string): Record<string, Values> {
  const { users, ids } = world;
  const of = (name: string): Values => ids[name] ?? [];
  const pools: Record<string, Record<string, Values>> = {
    profiles: { name: TEXTS, bio: TEXTS },
    programs: { slug: [crypto.randomUUID()], name: TEXTS, description: TEXTS },
    program_modules: { program_id: of("programs") },
    groups: { name: TEXTS, description: TEXTS, created_by: users },
    program_cohorts: {
      name: TEXTS,
      program_id: of("programs"),
      lead_instructor_id: [...users, null],
      status: ["active", "cancelled"],
    },
    client_enrollments: {
      client_user_id: users,
      program_id: of("programs"),
      cohort_id: [...of("program_cohorts"), null],
      status: ["active", "paused"],
      tier: TEXTS,
    },
    module_sessions: {
      instructor_id: [...users, null],
      enrollment_id: [...of("client_enrollments"), null],
      module_id: of("program_modules"),
      program_id: [...of("programs"), null],
      session_type: ["individual", "group"],
      title: TEXTS,
      description: [...TEXTS, null],
      status: ["draft", "requested", "scheduled", "cancelled"],
      session_date: [...TIMES, null],
      preferred_date: [...TIMES, null],
      duration_minutes: [30, 90, null],
      location: [...TEXTS, null],
      meeting_url: ["https://meet.example.com/1", null],
      client_response: ["accepted", "rejected", "pending"],
    },
    module_session_participants: {
      session_id: of("module_sessions"),
      user_id: users,
      response_status: ANSWERS,
    },
    group_memberships: {
      group_id: of("groups"),
      user_id: users,
      status: ["active", "left"],
    },
    group_sessions: {
      group_id: of("groups"),
      title: TEXTS,
      description: [...TEXTS, null],
      session_date: TIMES,
      start_time: [...TIMES, null],
      end_time: [...TIMES, null],
      duration_minutes: [30, 90, null],
      location: [...TEXTS, null],
      meeting_link: ["https://meet.example.com/2", null],
      status: ["requested", "scheduled", "cancelled"],
    },
    group_session_participants: {
      session_id: of("group_sessions"),
      group_id: of("groups"),
      user_id: users,
      response_status: ANSWERS,
    },
    cohort_sessions: {
      cohort_id: of("program_cohorts"),
      instructor_id: [...users, null],
      title: TEXTS,
      session_date: TIMES.map((time) => time.slice(0, 10)),
      start_time: ["09:00", null],
      end_time: ["10:00", null],
      timezone: ["UTC", "Europe/Bucharest", "Nowhere"],
      location: [...TEXTS, null],
      meeting_link: ["https://meet.example.com/3", null],
    },
  };
  return { ...of(table).length > 0 ? { id: of(table) } : {}, ...pools[table] };
}

function at(values: Values, index = 0): unknown {
  return values[index % values.length];
}
