import { assert, assertEquals } from "@std/assert";
import { createPerson } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { postgresTest } from "../support/sql.ts";
import { api, secretClient } from "../support/stack.ts";

const URL_OF_FUNCTION = `${api.url}/functions/v1/credit-maintenance`;
const PARTS = ["grant", "rollover", "expire", "cleanup", "stats"] as const;
const FIELDS = {
  grant: ["batchesGranted", "success", "totalGranted"],
  rollover: ["rolloversProcessed", "success", "totalRolledOver"],
  expire: ["expiredCount", "success"],
  cleanup: ["archivableBatches", "message", "success"],
  stats: ["organizations", "success", "users", "utilizationRate"],
};

const db = secretClient();

Deno.test("credit-maintenance does everything for whoever holds the secret key", async () => {
  const batch = await lapsedBatch();
  const { status, answer } = await post({ apikey: api.secretKey }, "");
  assertEquals(status, 200);
  assertEquals([answer.success, answer.action, answer.set_aside], [
    true,
    "all",
    0,
  ]);
  assertEquals(Object.keys(answer.results).sort(), [...PARTS].sort());
  for (const part of PARTS) {
    const result = answer.results[part];
    assertEquals(Object.keys(result).sort(), FIELDS[part]);
    assertEquals(result.success, true);
  }
  for (const owners of ["users", "organizations"]) {
    assertEquals(Object.keys(answer.results.stats[owners]).sort(), [
      "activeBatches",
      "totalOriginal",
      "totalRemaining",
    ]);
  }
  assert(answer.results.expire.expiredCount >= 1);
  assert(Math.abs(Date.parse(answer.timestamp) - Date.now()) < 60_000);

  assertEquals(await batchOf(batch), { remaining_amount: 0, is_expired: true });
  const run = must(
    await db.from("maintenance_runs").select("trigger, actions, results, error")
      .eq("id", answer.run_id).single(),
  );
  assertEquals(run, {
    trigger: "http",
    actions: [...PARTS],
    results: answer.results,
    error: null,
  });
  const late = must(
    await db.from("maintenance_health").select("action").eq("is_late", true),
  );
  assertEquals(late, []);
});

Deno.test("credit-maintenance does one part when told which", async () => {
  for (const action of PARTS) {
    const { status, answer } = await post(
      { apikey: api.secretKey },
      JSON.stringify({ action }),
    );
    assertEquals(status, 200);
    assertEquals(answer.action, action);
    assertEquals(Object.keys(answer.results), [action]);
    assertEquals(Object.keys(answer.results[action]).sort(), FIELDS[action]);
  }
});

Deno.test("credit-maintenance takes the secret key as its callers send it", async () => {
  const { data, error } = await db.functions.invoke("credit-maintenance", {
    body: { action: "stats" },
  });
  assertEquals(error, null);
  assertEquals([data.success, data.action], [true, "stats"]);

  const both = await post({
    apikey: api.secretKey,
    Authorization: `Bearer ${api.secretKey}`,
  }, '{"action":"stats"}');
  assertEquals(both.status, 200);
});

Deno.test("credit-maintenance refuses everybody else, the public key included", async () => {
  const { token } = await createPerson();
  const admin = await createPerson({ role: "admin" });
  const before = await lastRun();
  const publishable = api.publishableKey;
  const cases: Record<string, string>[] = [
    {},
    { apikey: "" },
    { apikey: publishable },
    { Authorization: `Bearer ${publishable}` },
    { apikey: publishable, Authorization: `Bearer ${publishable}` },
    { apikey: publishable, Authorization: `Bearer ${token}` },
    { apikey: publishable, Authorization: `Bearer ${admin.token}` },
    { apikey: "sb_secret_wrong" },
    { apikey: `${api.secretKey}x` },
    { apikey: api.secretKey.slice(0, -1) },
    { apikey: publishable, Authorization: `Bearer ${api.secretKey}x` },
    { Authorization: "Bearer undefined" },
  ];
  for (const headers of cases) {
    const { status, answer } = await post(headers, "");
    assertEquals(status, 401, JSON.stringify(headers));
    assertEquals(answer, { error: "Unauthorized", code: "unauthorized" });
  }
  assertEquals(await lastRun(), before);
});

Deno.test("credit-maintenance answers bad input clearly and runs nothing", async () => {
  const before = await lastRun();
  const cases: [body: string, code: string][] = [
    ["{", "invalid_json"],
    ["[]", "invalid_request"],
    ["null", "invalid_request"],
    ['{"action":"shred"}', "invalid_request"],
    ['{"action":"ALL"}', "invalid_request"],
    ['{"action":["grant"]}', "invalid_request"],
    ['{"action":null}', "invalid_request"],
    ['{"action":""}', "invalid_request"],
  ];
  for (const [body, code] of cases) {
    const { status, answer } = await post({ apikey: api.secretKey }, body);
    assertEquals([status, answer.code], [400, code], body);
    assertEquals(typeof answer.error, "string");
  }
  assertEquals(await lastRun(), before);

  const get = await fetch(URL_OF_FUNCTION, {
    headers: { apikey: api.secretKey },
  });
  assertEquals(get.status, 405);
  assertEquals(get.headers.get("Allow"), "POST, OPTIONS");
  await get.body?.cancel();
});

postgresTest(
  "credit-maintenance refuses while another run is under way",
  async (sql) => {
    const batch = await lapsedBatch();
    const before = await lastRun();
    await sql.begin(async (other) => {
      await other`select pg_advisory_xact_lock(hashtextextended('credit-maintenance', 0))`;
      const { status, answer, headers } = await post(
        { apikey: api.secretKey },
        "",
      );
      assertEquals(status, 409);
      assertEquals(answer, {
        error: "Another run is under way.",
        code: "already_running",
      });
      assertEquals(headers.get("Retry-After"), "60");
    });
    assertEquals(await lastRun(), before);
    assertEquals((await batchOf(batch)).is_expired, false);

    assertEquals((await post({ apikey: api.secretKey }, "")).status, 200);
    assertEquals((await batchOf(batch)).is_expired, true);
  },
);

async function post(given: Record<string, string>, body: string) {
  const response = await fetch(URL_OF_FUNCTION, {
    method: "POST",
    headers: { ...given, "Content-Type": "application/json" },
    body,
  });
  const { status, headers } = response;
  return { status, headers, answer: await response.json() };
}

/** The batch of a new user, long past its time. Returns its id. */
async function lapsedBatch(): Promise<string> {
  const { id } = await createPerson();
  return must(
    await db.from("credit_batches").insert({
      owner_type: "user",
      owner_id: id,
      original_amount: 10,
      remaining_amount: 10,
      source_type: "grant",
      granted_at: "2026-01-01T00:00:00Z",
      expires_at: "2026-02-01T00:00:00Z",
    }).select("id").single(),
  ).id;
}

async function batchOf(id: string) {
  return must(
    await db.from("credit_batches").select("remaining_amount, is_expired")
      .eq("id", id).single(),
  );
}

async function lastRun(): Promise<number | undefined> {
  const runs = must(
    await db.from("maintenance_runs").select("id")
      .order("id", { ascending: false }).limit(1),
  );
  return runs[0]?.id;
}
