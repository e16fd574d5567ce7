import { assertEquals, assertStringIncludes } from "@std/assert";
import { assertCheck, audit, type Cases, check } from "./operations_checks.ts";
import { address, signUp } from "./profile_sync_users.ts";

/** What is wrong with users, and how operations_health tells. */
export const USERS: Cases = {
  "profiles is red from the audit that finds a difference until it is reconciled":
    async (sql) => {
      const id = await signUp(sql, { email: address() });
      await sql.query("update public.profiles set email = null where id = $1", [
        id,
      ]);
      await sql.query("update auth.users set banned_until = null");
      const orphan = await signUp(sql, { email: address() });
      await sql.query("delete from public.profiles where id = $1", [orphan]);
      assertEquals(await audit(sql), 2);
      const { status, number, subject } = await check(sql, "profiles");
      assertEquals([status, number], ["red", 2]);
      assertStringIncludes(String(subject), "another address: ");
      await sql.query("select public.reconcile_auth_profiles()");
      assertEquals(await audit(sql), 0);
      await assertCheck(sql, "profiles", ["green", 0, null]);
    },

  "bans is amber, then red, while a ban that ran out is not lifted": async (
    sql,
  ) => {
    const id = await signUp(sql, { email: address() });
    await sql.query(
      "update auth.users set banned_until = now() + interval '1 minute' where id = $1",
      [id],
    );
    await assertCheck(sql, "bans", ["green", 0, null]);
    await assertCheck(sql, "bans", ["amber", 1, null], "7 minutes");
    await assertCheck(sql, "bans", ["red", 1, null], "62 minutes");
    await sql.query(
      "select private.lift_lapsed_bans(now() + interval '2 minutes')",
    );
    await assertCheck(sql, "bans", ["green", 0, null], "62 minutes");
  },

  "trigger_failures is amber while one is kept, red where there are ten in an hour":
    async (sql) => {
      const fail = (times: number) =>
        sql.query(
          `select private.record_trigger_failure('a_trigger', gen_random_uuid(), 'P0001', 'reason')
           from generate_series(1, $1::integer)`,
          [times],
        );
      await fail(1);
      await assertCheck(sql, "trigger_failures", ["amber", 1, "a_trigger"]);
      await fail(9);
      await assertCheck(sql, "trigger_failures", ["red", 10, "a_trigger"]);
      await assertCheck(
        sql,
        "trigger_failures",
        ["amber", 10, "a_trigger"],
        "2 hours",
      );
      await sql.query("delete from private.trigger_failures");
      await assertCheck(sql, "trigger_failures", ["green", 0, null]);
    },
};
