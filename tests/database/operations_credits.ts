import { assertEquals } from "@std/assert";
import { value } from "../support/sql.ts";
import {
  breakExpiry,
  failExpiry,
  givenBatch,
  givenUser,
} from "./credit_maintenance_owners.ts";
import { assertCheck, audit, type Cases } from "./operations_checks.ts";

/** What is wrong with credits, and how operations_health tells. */
export const CREDITS: Cases = {
  "credit_maintenance is red while its last run failed, or it is late": async (
    sql,
  ) => {
    await assertCheck(sql, "credit_maintenance", ["green", 0, null]);
    await assertCheck(sql, "credit_maintenance", [
      "red",
      5,
      "cleanup",
    ], "27 hours");

    await breakExpiry(sql);
    await sql.query(
      "select public.run_credit_maintenance(array['expire'], '2031-04-01')",
    );
    await assertCheck(sql, "credit_maintenance", ["red", 1, "expire"]);
    await sql.query(
      "alter function private.nothing(timestamptz, uuid, uuid) rename to expire_credits",
    );
    await sql.query(
      "select public.run_credit_maintenance(array['expire'])",
    );
    await assertCheck(sql, "credit_maintenance", ["green", 0, null]);

    await sql.query("delete from public.maintenance_runs");
    await assertCheck(sql, "credit_maintenance", ["amber", 5, "cleanup"]);
  },

  "credit_maintenance is amber while its last run went on without an owner, and names the owner":
    async (sql) => {
      const owner = await givenUser(sql, { allowance: null });
      await failExpiry(sql, owner);
      const run = (now: string) =>
        sql.query("select public.run_credit_maintenance(array['expire'], $1)", [
          now,
        ]);
      await run("2031-04-01");
      await assertCheck(sql, "credit_maintenance", [
        "amber",
        1,
        `expire: user ${owner.id}`,
      ]);
      await sql.query(
        "select public.run_credit_maintenance(array['grant', 'stats'])",
      );
      await assertCheck(sql, "credit_maintenance", [
        "amber",
        1,
        `expire: user ${owner.id}`,
      ]);
      await run("2031-03-01"); // nothing of theirs has lapsed by then
      await assertCheck(sql, "credit_maintenance", ["green", 0, null]);
    },

  "prices is amber while a tier of an active program has none, and names it":
    async (sql) => {
      await assertCheck(sql, "prices", ["green", 0, null]);
      await sql.script(`
        insert into public.programs (id, slug, name, category, tiers, credit_cost, is_active, requires_separate_purchase)
        values
          ('00000000-0000-4000-8000-00000000000a', 'aaa', 'A', 'leadership', '["Basic", "Gold"]', null, true, false),
          ('00000000-0000-4000-8000-00000000000b', 'bbb', 'B', 'leadership', '[]', null, true, false),
          (gen_random_uuid(), 'ccc', 'C', 'leadership', '["Basic"]', 0, true, false),
          (gen_random_uuid(), 'ddd', 'D', 'leadership', '["Basic"]', null, false, false),
          (gen_random_uuid(), 'eee', 'E', 'leadership', '["Basic"]', null, true, true);
        insert into public.program_plans (id, name) values ('00000000-0000-4000-8000-00000000000c', 'Plan')`);
      await assertCheck(sql, "prices", ["amber", 3, "aaa Basic"]);
      await sql.script(`
        insert into public.program_tier_plans (program_id, tier_name, program_plan_id, credit_cost)
        values ('00000000-0000-4000-8000-00000000000a', 'basic', '00000000-0000-4000-8000-00000000000c', 30)`);
      await assertCheck(sql, "prices", ["amber", 2, "aaa Gold"]);
      assertEquals(
        await value(
          sql,
          "select detail from public.operations_health where check_name = 'prices'",
        ),
        "2 tiers of programs have no price: aaa Gold, bbb. See docs/runbook.md#prices.",
      );
      await sql.query(
        "update public.programs set credit_cost = 0 where slug in ('aaa', 'bbb')",
      );
      await assertCheck(sql, "prices", ["green", 0, null]);
      await sql.query(
        "update public.programs set credit_cost = -1 where slug = 'bbb'",
      );
      await assertCheck(sql, "prices", ["amber", 1, "bbb"]);
    },

  "credit_ledger is red from the audit that finds a violation to the one that does not":
    async (sql) => {
      const owner = await givenUser(sql, { allowance: null });
      const batch = await givenBatch(sql, owner, { expiresAt: "2999-01-01" });
      const leave = (amount: number) =>
        sql.script(`
          alter table public.credit_batches disable trigger guard_credit_batches;
          update public.credit_batches set remaining_amount = ${amount} where id = '${batch}';
          alter table public.credit_batches enable trigger guard_credit_batches`);
      const left = Number(
        await value(
          sql,
          "select remaining_amount from public.credit_batches where id = $1",
          [batch],
        ),
      );
      await leave(left - 1);
      await assertCheck(sql, "credit_ledger", ["green", 0, null]);
      assertEquals(await audit(sql), 1);
      await assertCheck(sql, "credit_ledger", [
        "red",
        1,
        `entries do not sum to the remaining amount: ${batch}`,
      ]);
      await leave(left);
      assertEquals(await audit(sql), 0);
      await assertCheck(sql, "credit_ledger", ["green", 0, null]);
      await assertCheck(sql, "credit_ledger", ["amber", 0, null], "27 hours");
      await sql.query("delete from private.operations_audits");
      await assertCheck(sql, "credit_ledger", ["amber", 0, null]);
    },

  "an audit that cannot be made is red, and the other is made": async (sql) => {
    await sql.query(
      "alter function public.check_credit_ledger() rename to nothing",
    );
    assertEquals(await audit(sql), 1);
    await assertCheck(sql, "credit_ledger", ["red", 0, null]);
    await assertCheck(sql, "profiles", ["green", 0, null]);
    await sql.query(
      "alter function public.nothing() rename to check_credit_ledger",
    );
    assertEquals(await audit(sql), 0);
    await assertCheck(sql, "credit_ledger", ["green", 0, null]);
  },
};
