import { assert, assertEquals } from "@std/assert";
import { type Session, sqlTest } from "../support/sql.ts";
import { readGrants } from "./columns/grants.ts";
import { givenWorld, type World } from "./columns/world.ts";
import type { Column, Relation } from "./matrix/catalog.ts";
import { isPerson, type Row } from "./matrix/rows.ts";

/** What else a row could say, that its policies may ask about. */
function othersOf(
  column: Column,
  { people }: World,
  policies: string,
): unknown[] {
  if (isPerson(column)) {
    const ids = [people.owner, people.staff];
    return column.needed ? ids : [...ids, null];
  }
  if (column.type === "boolean") return [true, false];
  const isNamed = (choice: string) => policies.includes(`'${choice}'`);
  const another = column.choices.find((choice) => !isNamed(choice));
  return [...column.choices.filter(isNamed), ...another ? [another] : []];
}

/** The tables that make somebody staff, with the columns of the rows: each makes somebody who is it by nothing else. */
const WAYS: [table: string, columns: string[]][] = [
  ["client_coaches", ["coach_id", "client_id"]],
  ["client_instructors", ["instructor_id", "client_id"]],
  ["program_coaches", ["coach_id", "program_id"]],
  ["program_instructors", ["instructor_id", "program_id"]],
  ["module_coaches", ["coach_id", "module_id"]],
  ["module_instructors", ["instructor_id", "module_id"]],
  [
    "enrollment_module_staff",
    ["staff_user_id", "enrollment_id", "module_id", "role"],
  ],
];

/** Makes a coach and instructor by each way, under the table's name. */
async function givenStaff(
  sql: Session,
  rows: World["rows"],
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [table, [staff = "", ...others]] of WAYS) {
    const id = crypto.randomUUID();
    await sql.query(
      "insert into auth.users (id, email) values ($1, $2)",
      [id, `${id}@example.com`],
    );
    await sql.query(
      "insert into public.user_roles (user_id, role) values ($1, 'coach'), ($1, 'instructor')",
      [id],
    );
    const row = { ...rows.get(table), [staff]: id };
    await sql.query(
      `insert into public.${table} (${[staff, ...others].join()})
       select ${[staff, ...others].join()}
       from jsonb_populate_record(null::public.${table}, $1::text::jsonb)`,
      [JSON.stringify(row)],
    );
    found[table] = id;
  }
  return found;
}

/** The policies of each table, as text, but of those whose rows are changed and deleted by who reads them. */
async function readPolicies(sql: Session): Promise<Map<string, string>> {
  const rows = await sql.query(
    `select p.tablename as name, string_agg(p.qual, ' ') as text
     from pg_policies p
     where p.schemaname = 'public' and p.cmd <> 'INSERT'
       and p.qual !~ '^\\( SELECT private.is_admin\\(\\) AS is_admin\\)$'
     group by 1 having count(distinct p.qual) > 1 or bool_and(p.cmd <> 'SELECT')`,
  );
  return new Map(rows.map(({ name, text }) => [String(name), String(text)]));
}

/** The owner's row as it is, and with every pair of other values in columns that its policies name. */
function statesOf(
  relation: Relation,
  row: Row,
  world: World,
  policies: string,
) {
  const changes = relation.columns
    .filter(({ name, generated }) =>
      !generated && !relation.key.includes(name) &&
      new RegExp(`\\b${name}\\b`).test(policies)
    )
    .flatMap((column) =>
      othersOf(column, world, policies).map((value) => ({
        [column.name]: value,
      }))
    );
  const pairs = changes.flatMap((one, index) =>
    changes.slice(index + 1).map((other) => ({ ...one, ...other }))
  );
  const key = Object.fromEntries(relation.key.map((name) => [name, row[name]]));
  return [{}, ...changes, ...pairs].map((values) => ({
    key,
    values,
    row: { ...row, ...values },
  }));
}

/** Who changes or deletes what they cannot read, and how often that could be asked. */
async function beyondReach(
  sql: Session,
  world: World,
  of: (table: string) => boolean,
): Promise<{ found: string[]; compared: Map<string, number> }> {
  await sql.script(
    await Deno.readTextFile(new URL("reach/attempts.sql", import.meta.url)),
  );
  await sql.script("set constraints all immediate");
  const grants = await readGrants(sql);
  const policies = await readPolicies(sql);
  // an admin reads everything
  const { owner, other, orgAdmin, staff } = world.people;
  const people = {
    ...{ owner, other, orgAdmin, staff },
    ...await givenStaff(sql, world.rows),
  };
  const found: string[] = [];
  const compared = new Map<string, number>();
  for (const relation of world.relations) {
    const { name, key, isView } = relation;
    const row = world.rows.get(name);
    const policy = policies.get(name);
    if (isView || !row || policy === undefined || !of(name)) continue;
    // what a guard would refuse, it is not asked
    await sql.script(`alter table public."${name}" disable trigger user`);
    const rows = await sql.query(
      `select pg_temp.reach($1, $2::text[], $3::text[], $4::text::jsonb, $5::text::jsonb) as line`,
      [
        name,
        `{${key.join()}}`,
        `{${(grants[name]?.update ?? []).join()}}`,
        JSON.stringify(people),
        JSON.stringify(statesOf(relation, row, world, policy)),
      ],
    );
    const lines = rows.map(({ line }) => String(line));
    compared.set(name, Number(lines.pop()));
    found.push(...lines);
  }
  return { found, compared };
}

sqlTest(
  "nobody changes or deletes a row that they cannot read, by a request without a filter",
  async (sql) => {
    const { found, compared } = await beyondReach(
      sql,
      await givenWorld(sql),
      () => true,
    );
    assertEquals(found.sort(), []);
    for (const table of ["module_assignments", "capability_snapshots"]) {
      assert((compared.get(table) ?? 0) > 20, table);
    }
  },
);

sqlTest(
  "a policy that lets people change what another one hides is noticed",
  async (sql) => {
    await sql.script(`
    create table public.fresh (id uuid primary key default gen_random_uuid(), user_id uuid not null,
      title text, is_draft boolean not null default false);
    alter table public.fresh enable row level security;
    revoke all on public.fresh from anon, authenticated, service_role;
    grant select, update (title) on public.fresh to authenticated;
    create policy "read" on public.fresh for select to authenticated
      using (user_id = auth.uid() and not is_draft);
    create policy "change" on public.fresh for update to authenticated using (user_id = auth.uid());`);
    const { found } = await beyondReach(
      sql,
      await givenWorld(sql),
      (table) => table === "fresh",
    );
    assertEquals(found.sort(), [
      "fresh: owner updates 1, reads 0",
      "fresh: staff updates 1, reads 0",
    ]);
  },
);
