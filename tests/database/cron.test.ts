import { assertEquals } from "@std/assert";
import type { Sql } from "postgres";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { postgresSession } from "../../stack/session.ts";
import { withinACronMinute } from "../support/cron.ts";
import { createUser, uniqueEmail, updateUser } from "../support/people.ts";
import { must, unique } from "../support/rows.ts";
import { postgresTest, undoneOnStack } from "../support/sql.ts";
import { realPostgres, secretClient } from "../support/stack.ts";
import {
  batchesOf,
  givenBatch,
  givenOrganization,
} from "./credit_maintenance_owners.ts";

const MIGRATION = `${MIGRATIONS_DIR}/20260330083927_operations.sql`;

// Three waits for the same full minute, side by side.
postgresTest(
  "pg_cron itself lifts a lapsed ban, runs the credit maintenance, and has a job that fails shown",
  async (sql) => {
    await Promise.all([
      liftsALapsedBan(sql),
      runsTheMaintenance(sql),
      showsAFailure(sql),
    ]);
  },
);

/** Nothing updates auth.users when a ban has run out. */
async function liftsALapsedBan(sql: Sql): Promise<void> {
  const jobs = await sql`
    select schedule, command from cron.job where jobname = 'lift-lapsed-bans'`;
  assertEquals([...jobs], [{
    schedule: "* * * * *",
    command: "select private.lift_lapsed_bans()",
  }]);

  const id = await createUser({ email: uniqueEmail(), email_confirm: true });
  await updateUser(id, { ban_duration: "1s" });
  assertEquals(await isDisabled(id), true);
  assertEquals(
    await withinACronMinute(async () => !await isDisabled(id)),
    true,
  );
}

/** operations_health tells of any job, not only of the migrations'. */
async function showsAFailure(sql: Sql): Promise<void> {
  const name = unique("cron test");
  const isShown = async () => {
    const [row] = await sql`
      select status, detail from public.operations_health where check_name = 'cron_runs'`;
    return row?.status === "red" && row.detail.includes(`${name} failed`);
  };
  await sql`select cron.schedule(${name}, '* * * * *', 'select 1 / 0')`;
  try {
    assertEquals(await withinACronMinute(isShown), true);
  } finally {
    await sql`select cron.unschedule(${name})`;
  }
  assertEquals(await isShown(), false);
}

async function isDisabled(id: string): Promise<boolean> {
  return must(
    await secretClient().from("profiles").select("is_disabled").eq("id", id)
      .single(),
  ).is_disabled;
}

async function runsTheMaintenance(sql: Sql): Promise<void> {
  const session = postgresSession(sql);
  const organization = await givenOrganization(session, { allowance: 100 });
  await givenBatch(session, organization, {
    amount: 7,
    grantedAt: "2026-01-01",
    expiresAt: "2026-02-01",
  });
  const name = unique("cron test");

  await sql`select cron.schedule(${name}, '* * * * *', ${`select public.run_credit_maintenance(p_trigger => '${name}')`})`;
  try {
    await withinACronMinute(async () => await finished() !== undefined);
  } finally {
    await sql`select cron.unschedule(${name})`;
  }

  const run = await finished();
  assertEquals([run?.status, run?.username], ["succeeded", "postgres"]);
  const runs = await sql`
    select actions, error from public.maintenance_runs where trigger = ${name}`;
  assertEquals([...runs], [{
    actions: ["grant", "rollover", "expire", "cleanup", "stats"],
    error: null,
  }]);
  assertEquals(
    (await batchesOf(session, organization)).map((
      { source, remaining, expired },
    ) => [source, remaining, expired]),
    [["purchase", 0, true], ["subscription", 100, false]],
  );
  const late = await sql`select from public.maintenance_health where is_late`;
  assertEquals(late.length, 0);

  async function finished() {
    const [details] = await sql`
      select d.status, d.username from cron.job_run_details d
      where d.command like ${`%${name}%`} and d.end_time is not null`;
    return details;
  }
}

Deno.test({
  name:
    "the maintenance is scheduled daily, once, however often the migration runs, on real Postgres",
  ...realPostgres,
  fn: () =>
    undoneOnStack(async (sql) => {
      const jobs = () =>
        sql.query(
          `select jobname, schedule, command, active, username from cron.job
           where command ~ 'run_credit_maintenance|expire_credit_batches' order by jobname`,
        );
      const daily = [{
        jobname: "credit-maintenance",
        schedule: "10 0 * * *",
        command: "select public.run_credit_maintenance(p_trigger => 'cron')",
        active: true,
        username: "postgres",
      }];
      assertEquals(await jobs(), daily);

      // Production's, which the migration replaces
      await sql.query(
        "select cron.schedule('daily-credit-expiry', '0 3 * * *', 'select expire_credit_batches()')",
      );
      await sql.script(await Deno.readTextFile(MIGRATION));
      assertEquals(await jobs(), daily);
    }),
});
