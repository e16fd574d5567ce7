import { assert, assertEquals } from "@std/assert";
import { sqlTest as test, value } from "../support/sql.ts";
import {
  batchesOf,
  entriesOf,
  givenBatch,
  givenOrganization,
  givenUser,
  maintain,
  spend,
  violations,
} from "./credit_maintenance_owners.ts";

const NOW = "2031-04-01T00:10Z";

test("an organisation is granted its tier's allowance once a month", async (sql) => {
  const owner = await givenOrganization(sql, { allowance: 100 });
  for (const now of [NOW, NOW, "2031-04-02T00:10Z", "2031-04-30T23:59Z"]) {
    await maintain(sql, now, ["grant"]);
    assertEquals(await batchesOf(sql, owner), [{
      source: "subscription",
      original: 100,
      remaining: 100,
      expires: "2031-05-01",
      expired: false,
    }]);
  }
  await maintain(sql, "2031-05-01T00:10Z", ["grant"]);
  assertEquals(
    (await batchesOf(sql, owner)).map(({ expires }) => expires),
    ["2031-05-01", "2031-06-01"],
  );
  assertEquals(await violations(sql), []);
});

test("without an allowance, or without an active subscription, nothing is granted", async (sql) => {
  const owners = [
    await givenOrganization(sql, { allowance: null }),
    await givenOrganization(sql, { status: "canceled" }),
    await givenOrganization(sql, { status: "past_due" }),
    await givenOrganization(sql, { status: "trialing" }),
  ];
  await maintain(sql, NOW);
  for (const owner of owners) assertEquals(await batchesOf(sql, owner), []);
});

test("a subscription that starts within the month gets the month's allowance the next day", async (sql) => {
  await maintain(sql, NOW);
  const owner = await givenOrganization(sql, { allowance: 100 });
  await maintain(sql, "2031-04-16T00:10Z");
  assertEquals((await batchesOf(sql, owner))[0]?.expires, "2031-05-01");
});

test("months are counted in UTC, whatever the session's time zone", async (sql) => {
  for (
    const timezone of ["America/New_York", "Europe/Bucharest", "Asia/Tokyo"]
  ) {
    await value(sql, "select set_config('timezone', $1, true)", [timezone]);
    const owner = await givenOrganization(sql, { allowance: 100 });
    const user = await givenUser(sql, { allowance: 40 });
    // where the month ahead is longer than the one before, or the clocks change
    await maintain(sql, "2031-03-01T00:10Z", ["grant"]);
    await maintain(sql, NOW);
    assertEquals(
      (await batchesOf(sql, owner)).map(({ source, expires }) => [
        source,
        expires,
      ]),
      [
        ["subscription", "2031-04-01"],
        ["rollover", "2031-05-01"],
        ["subscription", "2031-05-01"],
      ],
      timezone,
    );
    assertEquals((await batchesOf(sql, user))[0]?.expires, "2031-05-01");
    await sql.query(
      "delete from public.maintenance_runs where as_of >= '2031-01-01'",
    ); // the next time zone starts anew
  }
});

test("a batch expires at its time, with an entry for what was left", async (sql) => {
  const owner = await givenUser(sql, { allowance: null });
  await givenBatch(sql, owner, { expiresAt: NOW });
  await spend(sql, owner, 60, "2031-03-10T00:00Z");

  await maintain(sql, "2031-04-01T00:09:59Z", ["expire"]);
  assertEquals((await batchesOf(sql, owner))[0]?.remaining, 40);
  await maintain(sql, NOW, ["expire"]);
  assertEquals(await batchesOf(sql, owner), [{
    source: "purchase",
    original: 100,
    remaining: 0,
    expires: "2031-04-01",
    expired: true,
  }]);
  assertEquals(await entriesOf(sql, owner), [
    ["grant", 100],
    ["spend", -60],
    ["expiry", -40],
  ]);
  assertEquals(await violations(sql), []);
});

test("a batch that was used up is marked as expired without an entry", async (sql) => {
  const owner = await givenUser(sql, { allowance: null });
  await givenBatch(sql, owner, { expiresAt: NOW });
  await spend(sql, owner, 100, "2031-03-10T00:00Z");
  await maintain(sql, NOW);
  assertEquals((await batchesOf(sql, owner))[0]?.expired, true);
  assertEquals((await entriesOf(sql, owner)).length, 2);
});

test("what is refunded to an expired batch expires again", async (sql) => {
  const owner = await givenUser(sql, { allowance: null });
  await givenBatch(sql, owner, { expiresAt: NOW });
  await spend(sql, owner, 60, "2031-03-10T00:00Z");
  await maintain(sql, NOW);
  await value(
    sql,
    `select (public.refund_credits(id)).refunded from public.credit_spends where owner_id = $1`,
    [owner.id],
  );
  await maintain(sql, "2031-04-02T00:10Z");
  assertEquals((await entriesOf(sql, owner)).slice(2), [
    ["expiry", -40],
    ["refund", 60],
    ["expiry", -60],
  ]);
  assertEquals(await violations(sql), []);
});

test("two runs leave what one leaves", async (sql) => {
  const user = await givenUser(sql);
  const organization = await givenOrganization(sql);
  for (const owner of [user, organization]) {
    await givenBatch(sql, owner, { expiresAt: NOW });
    await givenBatch(sql, owner, {
      expiresAt: "2031-04-01",
      source: "subscription",
    });
  }
  await maintain(sql, NOW);
  const once = await everything();
  assert(once.length > 2);
  const { results } = await maintain(sql, NOW);
  assertEquals(await everything(), once);
  assertEquals(results?.grant, {
    success: true,
    batchesGranted: 0,
    totalGranted: 0,
  });
  assertEquals(results?.rollover, {
    success: true,
    rolloversProcessed: 0,
    totalRolledOver: 0,
  });
  assertEquals(results?.expire, { success: true, expiredCount: 0 });
  assertEquals(await violations(sql), []);

  async function everything() {
    return await sql.query(
      "select id, batch_id, entry_type, amount from public.credit_ledger order by id",
    );
  }
});

test("the statistics tell users from organisations, and live batches from others", async (sql) => {
  const before = (await maintain(sql, NOW, ["stats"])).results?.stats;
  const user = await givenUser(sql, { allowance: null });
  await givenBatch(sql, user, { amount: 80, expiresAt: "2031-06-01" });
  await spend(sql, user, 20, "2031-03-10T00:00Z");
  await givenBatch(sql, user, { expiresAt: NOW });
  const organization = await givenOrganization(sql, { allowance: null });
  await givenBatch(sql, organization, { amount: 7, expiresAt: "2031-06-01" });

  const after = (await maintain(sql, NOW, ["stats"])).results?.stats;
  assertEquals(after?.success, true);
  assertEquals(grown("users"), [1, 60, 80]);
  assertEquals(grown("organizations"), [1, 7, 7]);
  assertEquals(typeof after?.utilizationRate, "number");

  function grown(owners: "users" | "organizations"): number[] {
    return ["activeBatches", "totalRemaining", "totalOriginal"].map((field) =>
      Number(Object(after?.[owners])[field]) -
      Number(Object(before?.[owners])[field])
    );
  }
});

test("cleanup counts the used up batches older than 90 days and keeps them", async (sql) => {
  const owner = await givenUser(sql, { allowance: null });
  const id = await givenBatch(sql, owner, { expiresAt: "2031-06-01" });
  await spend(sql, owner, 100, "2031-03-10T00:00Z");
  await sql.query(
    "update public.credit_batches set created_at = '2031-01-01' where id = $1",
    [id],
  );
  const count = async (now: string) =>
    Number(
      (await maintain(sql, now, ["cleanup"])).results?.cleanup
        ?.archivableBatches,
    );
  assertEquals(
    await count("2031-04-01T00:00:01Z") - await count("2031-04-01T00:00:00Z"),
    1,
  );
  assertEquals((await batchesOf(sql, owner)).length, 1);
});
