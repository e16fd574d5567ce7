import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  onFreshDatabase,
  refusalOf,
  type Session,
  type SqlDatabase,
  undoneOn,
  value,
} from "../support/sql.ts";
import { audit, type Cases, check, checks } from "./operations_checks.ts";
import { CREDITS } from "./operations_credits.ts";
import { INBOXES } from "./operations_inboxes.ts";
import { PLATFORM } from "./operations_platform.ts";
import { USERS } from "./operations_users.ts";
import { address, signUp } from "./profile_sync_users.ts";

const VIEW: Cases = {
  "all is green but for the extensions that are not there": async (sql) => {
    const missing = ["cron_jobs", "cron_runs", "pg_net", "vault"];
    for (const { check_name, status, detail, number } of await checks(sql)) {
      if (missing.includes(check_name)) continue;
      assertEquals([status, detail], ["green", detail], check_name);
      if (check_name !== "migrations") assertEquals(number, 0, check_name);
    }
    for (const name of missing) {
      const { status, detail } = await check(sql, name);
      assertEquals(status === "green", false, name);
      assertStringIncludes(detail, `docs/runbook.md#${name}`);
    }
  },

  "a check that cannot be made is red, and hides no other": async (sql) => {
    const before = await checks(sql);
    await sql.query("drop function private.health_of_bans(timestamptz)");
    const { status, detail } = await check(sql, "bans");
    assertEquals([status, detail], [
      "red",
      "It cannot be checked: 42883. See docs/runbook.md#bans.",
    ]);
    assertEquals(
      (await checks(sql)).filter(({ check_name }) => check_name !== "bans"),
      before.filter(({ check_name }) => check_name !== "bans"),
    );
  },

  "servers and admins read it, other users and visitors may not": async (
    sql,
  ) => {
    const [user, admin] = [
      await signUp(sql, { email: address() }),
      await signUp(sql, { email: address() }),
    ];
    await sql.query(
      "insert into public.user_roles (user_id, role) values ($1, 'admin')",
      [admin],
    );
    const all = (await checks(sql)).length;
    assertEquals(await visible(sql, "service_role"), all);
    assertEquals(await visible(sql, "authenticated", admin), all);
    await sql.query(
      "select set_config('request.jwt.claims', $1, true)",
      [JSON.stringify({ role: "authenticated", sub: user })],
    );
    assertEquals(
      await refusalOf(sql, "select from public.operations_health"),
      "42501 operations_health is for the server and for admins",
    );
    assertEquals(
      await value(
        sql,
        "select has_table_privilege('anon', 'public.operations_health', 'select')",
      ),
      false,
    );
  },
};

Deno.test("operations_health", (t) =>
  onFreshDatabase({}, async (database: SqlDatabase) => {
    await database.transaction(async (sql) => {
      await sql.query("select public.run_credit_maintenance()");
      assertEquals(await audit(sql), 0);
    });
    const cases = { ...VIEW, ...CREDITS, ...INBOXES, ...USERS, ...PLATFORM };
    for (const [name, run] of Object.entries(cases)) {
      await t.step(name, () => undoneOn(database, run));
    }
  }));

/** How many rows somebody sees. */
async function visible(
  sql: Session,
  role: string,
  id?: string,
): Promise<number> {
  await sql.query("savepoint asking");
  try {
    await sql.query(
      "select set_config('request.jwt.claims', $1, true)",
      [JSON.stringify({ role, ...(id ? { sub: id } : {}) })],
    );
    await sql.query(`set local role ${role}`);
    return (await sql.query("select from public.operations_health")).length;
  } finally {
    await sql.query("rollback to savepoint asking");
  }
}
