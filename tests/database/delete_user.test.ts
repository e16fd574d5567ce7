import { assert, assertEquals } from "@std/assert";
import { type Session, sqlTest, value } from "../support/sql.ts";
import { deleteUser, signedInAdmin } from "./delete_user_calls.ts";
import { address, NOW, signUp } from "./profile_sync_users.ts";
import { type Column, givenRow, userColumns } from "./user_rows.ts";

/** Every column that holds the id, in any table of ours. */
async function mentions(sql: Session, id: string): Promise<string[]> {
  const columns = await sql.query(
    `select c.table_schema || '.' || c.table_name as table, c.column_name as column
     from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema in ('public', 'private', 'auth') and t.table_type = 'BASE TABLE'
       and c.udt_name = 'uuid' order by 1, 2`,
  );
  const found: string[] = [];
  for (const row of columns) {
    const [table, column] = [String(row.table), String(row.column)];
    if (await isNamed(sql, { table, column }, id)) {
      found.push(`${table}.${column}`);
    }
  }
  return found;
}

async function isNamed(
  sql: Session,
  { table, column }: Column,
  id: string,
): Promise<boolean> {
  return (await sql.query(
    `select from ${table} where "${column}" = $1 limit 1`,
    [id],
  )).length > 0;
}

sqlTest(
  "every column that names a user without a foreign key says what a deletion does to it",
  async (sql) => {
    const known = new Set(
      (await sql.query(
        "select table_name || '.' || column_name as name from private.user_columns",
      )).map(({ name }) => name),
    );
    const unknown = (await userColumns(sql, false))
      .map(({ table, column }) => `${table}.${column}`)
      .filter((name) => !known.has(name));
    assertEquals(unknown, [], "add them to private.user_columns");
  },
);

sqlTest(
  "a user who is named in every column there is can be deleted, and is named nowhere but in what is kept",
  async (sql) => {
    const admin = await signedInAdmin(sql);
    const id = await signUp(sql, { email: address() });
    const columns = [
      ...await userColumns(sql, true),
      ...await userColumns(sql, false),
    ].filter(({ table, column }) =>
      // the second is written by a trigger, of the enrollment's client
      !["public.profiles.id", "public.module_assignments.handed_in_by"]
        .includes(`${table}.${column}`)
    );
    for (const { table, column } of columns) {
      if (await isNamed(sql, { table, column }, id)) continue; // by a trigger
      if (table === "public.credit_ledger") continue; // a batch makes its entries
      await givenRow(sql, table, { [column]: id });
    }
    const before = await mentions(sql, id);
    for (const { table, column } of columns) {
      assert(before.includes(`${table}.${column}`), `${table}.${column}`);
    }

    const result = await deleteUser(sql, admin, id);
    assertEquals(result.code, "ok", JSON.stringify(result));
    const kept = (await sql.query(
      `select table_name || '.' || column_name as name from private.user_columns where on_delete = 'keep'
       order by 1`,
    )).map(({ name }) => name);
    assertEquals(await mentions(sql, id), kept);
  },
);

/** Foreign keys without a rule, to tables whose rows go with a user, by however many steps. */
const BLOCKERS = `
with recursive gone (relation) as (
  values ('auth.users'::regclass::oid)
  union
  select c.conrelid from pg_constraint c join gone on c.confrelid = gone.relation
  where c.contype = 'f' and c.confdeltype = 'c'
)
select c.conrelid::regclass::text as table, a.attname as column, c.confrelid::regclass::text as parent,
  key.attname as key,
  (select owner.attname
   from pg_constraint o
   join pg_attribute owner on owner.attrelid = o.conrelid and owner.attnum = o.conkey[1]
   where o.conrelid = c.confrelid and o.contype = 'f' and o.confdeltype = 'c'
     and o.confrelid in ('auth.users'::regclass, 'public.profiles'::regclass)
   limit 1) as owner
from pg_constraint c
join gone on c.confrelid = gone.relation
join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
join pg_attribute key on key.attrelid = c.confrelid and key.attnum = c.confkey[1]
where c.contype = 'f' and c.confdeltype in ('a', 'r') and c.connamespace = 'public'::regnamespace
  and c.confrelid not in ('auth.users'::regclass, 'public.profiles'::regclass)`;

sqlTest(
  "what refers to something that goes with a user does not block the deletion either",
  async (sql) => {
    const admin = await signedInAdmin(sql);
    const id = await signUp(sql, { email: address() });
    const blockers = await sql.query(BLOCKERS);
    assert(blockers.length >= 3, "enrolments at least are referred to");
    const referring: [table: string, column: string, key: string][] = [];
    for (const row of blockers) {
      const [table, column, parent, key, owner] = [
        row.table,
        row.column,
        row.parent,
        row.key,
        row.owner,
      ].map(String) as [string, string, string, string, string];
      assert(row.owner, `${table}.${column} blocks, two steps away`);
      const owned = await givenRow(sql, parent, { [owner]: id });
      await givenRow(sql, table, { [column]: String(owned[key]) });
      referring.push([table, column, String(owned[key])]);
    }
    assertEquals((await deleteUser(sql, admin, id)).code, "ok");
    for (const [table, column, key] of referring) {
      const left = await sql.query(
        `select from ${table} where ${column} = $1`,
        [key],
      );
      assertEquals(left.length, 0, `${table}.${column}`);
    }
  },
);

sqlTest(
  "a deletion says what it did: cleared, reassigned, deleted",
  async (sql) => {
    const admin = await signedInAdmin(sql);
    const id = await signUp(sql, { email: address() });
    await givenRow(sql, "public.enrollment_codes", { created_by: id });
    await givenRow(sql, "public.module_sessions", { instructor_id: id });
    await givenRow(sql, "public.partner_codes", { partner_id: id });
    await givenRow(sql, "public.partner_referrals", { referred_user_id: id });
    await givenRow(sql, "public.wheel_of_life_snapshots", { user_id: id });
    const { code, done } = await deleteUser(sql, admin, id);
    assertEquals([code, done], ["ok", {
      "ai_preferences.user_id": "1 deleted",
      "enrollment_codes.created_by": "1 reassigned",
      "module_sessions.instructor_id": "1 cleared",
      "partner_codes.partner_id": "1 reassigned",
      "partner_referrals.referred_user_id": "1 cleared",
      "wheel_of_life_snapshots.user_id": "1 deleted",
    }]);
    assertEquals(
      await value(
        sql,
        "select is_active from public.partner_codes where partner_id = $1",
        [admin.id],
      ),
      false,
    );
  },
);

sqlTest(
  "a deletion says what stays behind",
  async (sql) => {
    const admin = await signedInAdmin(sql);
    const id = await signUp(sql, { email: address() });
    const [organization, program] = [1, 2].map(() => crypto.randomUUID());
    await sql.query(
      "insert into public.organizations (id, name, slug) values ($1::uuid, 'Org', $1::uuid::text)",
      [organization],
    );
    await sql.query(
      "insert into public.organization_members (organization_id, user_id, role) values ($1, $2, 'org_admin')",
      [organization, id],
    );
    await sql.query(
      "insert into public.programs (id, slug, name, category) values ($1::uuid, $1::uuid::text, 'Program', 'cta')",
      [program],
    );
    const enrollment = await value(
      sql,
      `insert into public.client_enrollments (client_user_id, program_id, stripe_subscription_id)
       values ($1, $2, 'sub_enrolment') returning id`,
      [id, program],
    );
    await sql.query(
      `insert into public.payment_schedules (enrollment_id, user_id, stripe_subscription_id, total_amount_cents,
         installment_count, installment_amount_cents)
       values ($1, $2, 'sub_schedule', 100, 2, 50)`,
      [enrollment, id],
    );
    await sql.query(
      "insert into public.partner_codes (partner_id, program_id, code) values ($1, $2::uuid, $2::uuid::text)",
      [id, program],
    );
    await sql.query(
      `select public.grant_credit_batch('user', $1, 7, $2::text::timestamptz, 'purchase')`,
      [id, "2099-01-01T00:00:00Z"],
    );
    const { id: session } = await givenRow(sql, "public.module_sessions", {
      instructor_id: id,
      session_date: "2099-01-01T00:00:00Z",
      status: "scheduled",
    });
    if (!await value(sql, "select to_regclass('storage.objects')")) {
      await sql.script(`
        create schema storage;
        create table storage.objects (id uuid, owner_id text);
      `);
    }
    await sql.query("insert into storage.objects (owner_id) values ($1)", [id]);

    const { code, left_behind } = await deleteUser(sql, admin, id);
    assertEquals([code, left_behind], ["ok", {
      stripe_subscriptions: ["sub_enrolment", "sub_schedule"],
      organizations_without_admin: [organization],
      upcoming_sessions_without_host: [session],
      partner_codes_switched_off: [program],
      credits: 7,
      storage_objects: 1,
    }]);
    assertEquals(
      (await sql.query("select * from public.check_credit_ledger()")).length,
      0,
    );
  },
);

sqlTest(
  "copies that migrations left of a user's rows go with the user, and of whatever table after 90 days",
  async (sql) => {
    const admin = await signedInAdmin(sql);
    const id = await signUp(sql, { email: address() });
    const rest = { user_id: admin.id, title: "A goal" };
    await sql.query("delete from private.rows_before_repair");
    for (
      const [table, content] of [
        ["public.profiles", { id, name: "Ana" }],
        ["public.module_sessions", { instructor_id: id, ...rest }],
        ["public.goals", rest],
      ] as const
    ) {
      await sql.query(
        "insert into private.rows_before_repair (table_name, content, kept_at) values ($1, $2::text::jsonb, $3)",
        [table, JSON.stringify(content), NOW],
      );
    }
    const tables = async () =>
      (await sql.query("select table_name from private.rows_before_repair"))
        .map(({ table_name }) => table_name);
    assertEquals((await deleteUser(sql, admin, id)).code, "ok");
    assertEquals(await tables(), ["public.goals"]);

    const forget = (now: string) =>
      value(
        sql,
        "select private.forget_rows_before_repair($1::text::timestamptz)::integer",
        [now],
      );
    assertEquals(await forget("2026-06-22T11:00:00Z"), 0);
    assertEquals(await forget("2026-06-22T13:00:00Z"), 1);
    assertEquals(await tables(), []);
  },
);

sqlTest(
  "a table that is not known here and will not let go undoes the whole deletion",
  async (sql) => {
    const admin = await signedInAdmin(sql);
    const id = await signUp(sql, { email: address() });
    await sql.script(`
      create table public.unknown_here (
        user_id uuid not null references auth.users (id), check (user_id = '${id}')
      );
      insert into public.unknown_here values ('${id}');
    `);
    await sql.query(
      "insert into public.wheel_of_life_snapshots (user_id) values ($1)",
      [id],
    );
    assertEquals(await deleteUser(sql, admin, id), {
      code: "deletion_blocked",
      done: null,
      left_behind: { blocked_by: "unknown_here" },
    });
    assertEquals(
      (await sql.query(
        "select from public.wheel_of_life_snapshots where user_id = $1",
        [id],
      )).length,
      1,
    );
  },
);
