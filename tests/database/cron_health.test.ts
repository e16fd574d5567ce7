import { assertEquals } from "@std/assert";
import { realPostgres } from "../support/stack.ts";
import { type Session, undoneOnStack } from "../support/sql.ts";
import { assertCheck, check } from "./operations_checks.ts";

/** A test where pg_cron really is, in a transaction that is undone. */
function cronTest(name: string, run: (sql: Session) => Promise<void>): void {
  Deno.test({
    name: `${name}, on real Postgres`,
    ...realPostgres,
    fn: () => undoneOnStack(run),
  });
}

/** What the runbook has an operator do. */
const SCHEDULE =
  /^ {4}select private\.restore_cron_jobs\(\)/m.exec(Deno.readTextFileSync(
    new URL("../../docs/runbook.md", import.meta.url),
  ))?.[0] ?? "";

cronTest("cron_jobs is green where the migrations ran", async (sql) => {
  const { status, detail } = await check(sql, "cron_jobs");
  assertEquals([status, detail], ["green", "14 jobs are scheduled."]);
});

for (
  const [what, change, status] of [
    [
      "is not scheduled",
      "select cron.unschedule('lift-lapsed-bans')",
      "red",
    ],
    [
      "is not active",
      "select cron.alter_job(jobid, active => false) from cron.job where jobname = 'lift-lapsed-bans'",
      "red",
    ],
    [
      "has another command",
      "select cron.alter_job(jobid, command => 'select 1') from cron.job where jobname = 'lift-lapsed-bans'",
      "red",
    ],
    [
      "has another schedule",
      "select cron.alter_job(jobid, schedule => '0 * * * *') from cron.job where jobname = 'lift-lapsed-bans'",
      "amber",
    ],
  ] as const
) {
  cronTest(`cron_jobs is ${status} while a job ${what}`, async (sql) => {
    await sql.query(change);
    await assertCheck(sql, "cron_jobs", [status, 1, "lift-lapsed-bans"]);
    const { detail } = await check(sql, "cron_jobs");
    assertEquals(detail.split(".")[0], `lift-lapsed-bans ${what}`);
    await sql.query(SCHEDULE);
    await assertCheck(sql, "cron_jobs", ["green", 0, null]);
  });
}

/** Every job of ours as having run within its time, under numbers that pg_cron has not come to. */
async function givenRuns(sql: Session): Promise<void> {
  await sql.script(`
    delete from cron.job_run_details;
    insert into cron.job_run_details (jobid, runid, database, username, command, status, start_time, end_time)
    select j.jobid, 1000000 + row_number() over (), j.database, j.username, j.command, 'succeeded', now(), now()
    from cron.job j where j.database = current_database()`);
}

const RUN = `
  insert into cron.job_run_details (jobid, runid, status, start_time, end_time)
  select j.jobid, (select max(d.runid) + 1 from cron.job_run_details d), $2, now(), now()
  from cron.job j where j.jobname = $1`;

cronTest(
  "cron_runs is red from a run that fails to one that succeeds, and looks past one that is under way",
  async (sql) => {
    await givenRuns(sql);
    await assertCheck(sql, "cron_runs", ["green", 0, null]);
    await sql.query(RUN, ["org-seat-limits", "failed"]);
    await assertCheck(sql, "cron_runs", ["red", 1, "org-seat-limits"]);
    await sql.query(RUN, ["org-seat-limits", "running"]);
    await assertCheck(sql, "cron_runs", ["red", 1, "org-seat-limits"]);
    await sql.query(RUN, ["org-seat-limits", "succeeded"]);
    await assertCheck(sql, "cron_runs", ["green", 0, null]);
  },
);

cronTest("cron_runs is red for a job that is late", async (sql) => {
  await givenRuns(sql);
  const late = async (after: string) => {
    const { status, number, subject } = await check(sql, "cron_runs", after);
    return [status, number, subject];
  };
  assertEquals(await late("4 minutes"), ["green", 0, null]);
  assertEquals(await late("6 minutes"), ["red", 1, "lift-lapsed-bans"]);
  assertEquals(await late("46 minutes"), ["red", 4, "cohort-reminders"]);
  assertEquals(await late("27 hours"), ["red", 14, "calcom-webhook-logs"]);
});

cronTest(
  "cron_runs takes a job that never ran for late only once others are remembered for longer",
  async (sql) => {
    await givenRuns(sql);
    await sql.query(
      `delete from cron.job_run_details d using cron.job j
       where j.jobid = d.jobid and j.jobname = 'org-seat-limits'`,
    );
    await assertCheck(sql, "cron_runs", ["green", 0, null]);
    await sql.query(
      `update cron.job_run_details set start_time = now() - interval '27 hours'
       where runid = (select min(runid) from cron.job_run_details)`,
    );
    const { status, detail } = await check(sql, "cron_runs");
    assertEquals([status, detail.includes("org-seat-limits is late")], [
      "red",
      true,
    ]);
    await sql.query("delete from cron.job_run_details");
    await assertCheck(sql, "cron_runs", ["amber", 0, null]);
  },
);

cronTest("runs that ended a week ago are forgotten", async (sql) => {
  await givenRuns(sql);
  await sql.query(
    `update cron.job_run_details d set end_time = now() - interval '8 days'
     from cron.job j where j.jobid = d.jobid and j.jobname = 'org-seat-limits'`,
  );
  const [deleted] = await sql.query(
    "select private.forget_cron_runs()::integer as runs",
  );
  assertEquals(deleted, { runs: 1 });
});
