import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Json } from "../../supabase/functions/_shared/database.types.ts";
import { type Session, sqlTest as test, value } from "../support/sql.ts";
import {
  batchesOf,
  breakExpiry,
  givenOrganization,
  givenUser,
  maintain,
  type Owner,
  violations,
} from "./credit_maintenance_owners.ts";

const NOW = "2031-04-01T00:10Z";
const ALL = ["grant", "rollover", "expire", "cleanup", "stats"];

test("each run is recorded: who started it, as of when, what it did", async (sql) => {
  const run = await maintain(sql, NOW, ["grant", "stats"]);
  assertEquals(run.outcome, "ok");
  const { started_at, finished_at, as_of, ...row } = await recorded(
    sql,
    run.run_id,
  );
  assertEquals(row, {
    id: run.run_id,
    trigger: "test",
    actions: ["grant", "stats"],
    results: run.results,
    set_aside: [],
    error: null,
  });
  assertEquals(new Date(String(as_of)), new Date("2031-04-01T00:10:00Z"));
  assert(new Date(String(started_at)) <= new Date(String(finished_at)));
});

test("an unknown action runs and records nothing", async (sql) => {
  const before = await value(
    sql,
    "select count(*)::int from public.maintenance_runs",
  );
  for (const actions of [["grant", "shred"], ["all"], [""]]) {
    const run = await maintain(sql, NOW, actions);
    assertEquals([run.outcome, run.run_id, run.results], [
      "unknown_action",
      null,
      null,
    ]);
  }
  assertEquals(
    await value(sql, "select count(*)::int from public.maintenance_runs"),
    before,
  );
});

test("a part that fails undoes the others, and the failure is on record", async (sql) => {
  const organization = await givenOrganization(sql, { allowance: 100 });
  const user = await givenUser(sql, { allowance: 40 });
  await breakExpiry(sql);
  const before = await snapshot();

  const run = await maintain(sql, NOW);
  assertEquals([run.outcome, run.results], ["failed", null]);
  assertMatch(run.error ?? "", /^42883: /);
  assertEquals(await snapshot(), before);

  const row = await recorded(sql, run.run_id);
  assertEquals([row.results, row.error], [null, run.error]);
  for (const job of await health(sql)) {
    assertEquals(job.last_error, run.error);
    assert(job.last_failure_at !== null);
  }
  assertEquals(await violations(sql), []);

  async function snapshot() {
    return [await batchesOf(sql, organization), await batchesOf(sql, user)];
  }
});

test("maintenance_health calls a job late 26 hours after its last success", async (sql) => {
  // Only in this transaction: the history of other tests is not this one's.
  await sql.query("delete from public.maintenance_runs");
  assertEquals(await late(sql), [...ALL].sort());

  await maintain(sql, NOW);
  assertEquals(await late(sql), []);
  await age("25 hours 59 minutes");
  assertEquals(await late(sql), []);
  await age("26 hours 1 minute");
  assertEquals(await late(sql), [...ALL].sort());

  await maintain(sql, NOW, ["expire"]);
  assertEquals(await late(sql), ["cleanup", "grant", "rollover", "stats"]);

  await breakExpiry(sql);
  await sql.query(
    "delete from public.maintenance_runs where actions = '{expire}'",
  );
  assertEquals((await maintain(sql, NOW)).outcome, "failed");
  assertEquals(await late(sql), [...ALL].sort(), "a failure is no success");

  async function age(interval: string) {
    await sql.query(
      "update public.maintenance_runs set finished_at = now() - $1::interval",
      [interval],
    );
  }
});

test("admins see runs and health, other users see no run and nobody's success", async (sql) => {
  const admin = await givenUser(sql);
  const user = await givenUser(sql);
  await sql.query(
    "insert into public.user_roles (user_id, role) values ($1, 'admin')",
    [admin.id],
  );
  const { run_id } = await maintain(sql, NOW);
  for (const [person, seen] of [[admin, 1], [user, 0]] as const) {
    await as(sql, person);
    assertEquals(
      await value(
        sql,
        "select count(*)::int from public.maintenance_runs where id = $1",
        [run_id],
      ),
      seen,
    );
    assertEquals((await late(sql)).length, seen ? 0 : ALL.length);
    await sql.script("reset role");
  }
});

async function recorded(sql: Session, id: number | null) {
  return await value(
    sql,
    "select to_jsonb(r) from public.maintenance_runs r where id = $1",
    [id],
  ) as Record<string, Json>;
}

async function health(sql: Session) {
  return await sql.query(
    "select * from public.maintenance_health order by action",
  );
}

async function late(sql: Session): Promise<unknown[]> {
  return (await health(sql)).filter(({ is_late }) => is_late)
    .map(({ action }) => action);
}

async function as(sql: Session, { id }: Owner): Promise<void> {
  await value(sql, "select set_config('request.jwt.claims', $1, true)", [
    JSON.stringify({ sub: id, role: "authenticated" }),
  ]);
  await sql.script("set local role authenticated");
}
