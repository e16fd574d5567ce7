import { assertEquals } from "@std/assert";
import {
  assertSound,
  availableTo,
  batchesOf,
  entriesOf,
  givenOrganization,
  givePlan,
  grant,
  inDays,
  leftIn,
  refund,
  spend,
  userOf,
} from "../support/credits.ts";
import { createPerson, createUser, uniqueEmail } from "../support/people.ts";
import { must, only, unique } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();

Deno.test.afterEach(assertSound);

async function someone() {
  return userOf({ id: await createUser({ email: uniqueEmail() }) });
}

Deno.test("a refund goes back to the very batches that the spend drew from", async () => {
  const { org } = await givenOrganization();
  const [soon, late, untouched] = [
    await grant(org, 3, { expiresAt: inDays(2) }),
    await grant(org, 5, { expiresAt: inDays(4) }),
    await grant(org, 5, { expiresAt: inDays(6) }),
  ];
  const { spend_id } = await spend(org, 7);
  await spend(org, 1);
  assertEquals(await leftIn(soon, late, untouched), [0, 0, 5]);

  const { success, refunded, refundable } = await refund(spend_id, {
    p_reason: "session cancelled",
  });
  assertEquals([success, refunded, refundable], [true, 7, 0]);
  assertEquals(await leftIn(soon, late, untouched), [3, 4, 5]);
  assertEquals(await entriesOf(soon), [["grant", 3], ["spend", -3], [
    "refund",
    3,
  ]]);
  assertEquals(await availableTo(org), 12);
});

Deno.test("a part comes back to the batch that lasts longest, and never more than was spent", async () => {
  const owner = await someone();
  const [soon, late] = [
    await grant(owner, 3, { expiresAt: inDays(2) }),
    await grant(owner, 5, { expiresAt: inDays(4) }),
  ];
  const { spend_id } = await spend(owner, 6);

  assertEquals((await refund(spend_id, { p_amount: 2 })).refundable, 4);
  assertEquals(await leftIn(soon, late), [0, 4]);
  assertEquals((await refund(spend_id, { p_amount: 2 })).refundable, 2);
  assertEquals(await leftIn(soon, late), [1, 5]);

  const { success, code, refundable } = await refund(spend_id, { p_amount: 3 });
  assertEquals([success, code, refundable], [false, "exceeds_spend", 2]);
  assertEquals(await leftIn(soon, late), [1, 5]);
  assertEquals((await refund(spend_id)).refunded, 2);
  assertEquals((await refund(spend_id)).refunded, 0);
  assertEquals(await leftIn(soon, late), [3, 5]);
});

Deno.test("allowance of the plan comes back to the month that it was spent in", async () => {
  const owner = await someone();
  await givePlan(owner, 5);
  const { spend_id, from_plan } = await spend(owner, 4);
  assertEquals(from_plan, 4);
  await refund(spend_id, { p_amount: 3 });
  assertEquals(await availableTo(owner), 4);
  const log = must(
    await db.from("credit_consumption_log").select("quantity, consumed_at")
      .eq("user_id", owner.id).order("quantity"),
  );
  assertEquals(log.map(({ quantity }) => quantity), [-3, 4]);
  assertEquals(log[0]?.consumed_at, log[1]?.consumed_at);
});

Deno.test("a spend that nobody made is not refunded", async () => {
  const { success, code, refunded } = await refund(null);
  assertEquals([success, code, refunded], [false, "unknown_spend", 0]);
});

Deno.test("a refund repeated with its key gives back nothing more", async () => {
  const owner = await someone();
  const batch = await grant(owner, 10);
  const { spend_id } = await spend(owner, 8);
  const once = { p_amount: 3, p_idempotency_key: unique("refund") };

  assertEquals((await refund(spend_id, once)).refunded, 3);
  const { success, refunded, refundable } = await refund(spend_id, once);
  assertEquals([success, refunded, refundable], [true, 0, 5]);
  assertEquals(await leftIn(batch), [5]);
  assertEquals((await refund(spend_id, { p_amount: 3 })).refunded, 3);
  assertEquals(await leftIn(batch), [8]);
});

Deno.test("a grant repeated with its key is the same batch; with other figures the key is refused", async () => {
  const [owner, other] = [await someone(), await someone()];
  const once = { p_idempotency_key: unique("purchase") };
  const batch = await grant(owner, 10, once);

  assertEquals(await grant(owner, 10, once), batch);
  assertEquals(only(await batchesOf(owner)).remaining_amount, 10);
  for (const [whom, amount] of [[owner, 11], [other, 10]] as const) {
    const { error, status } = await db.rpc("grant_credit_batch", {
      p_owner_type: whom.type,
      p_owner_id: whom.id,
      p_amount: amount,
      p_expires_at: inDays(30),
      p_source_type: "purchase",
      ...once,
    });
    assertEquals([error?.code, status], ["22023", 400]);
  }
  assertEquals(await availableTo(owner), 10);
  assertEquals(await availableTo(other), 0);
});

Deno.test("a spend repeated with its key is the same spend; with other figures the key is refused", async () => {
  const [owner, other] = [await someone(), await someone()];
  const batch = await grant(owner, 10);
  await grant(other, 10);
  const once = { p_idempotency_key: unique("session") };
  const first = await spend(owner, 4, once);

  assertEquals(await spend(owner, 4, once), first);
  assertEquals(await leftIn(batch), [6]);
  for (
    const wish of [
      { p_amount: 5 },
      { p_feature_key: "coaching" },
      { p_action_type: "another" },
      { p_action_reference_id: "another" },
    ]
  ) {
    const { code, error, consumed } = await spend(owner, 4, {
      ...once,
      ...wish,
    });
    assertEquals(
      [code, error, consumed],
      ["idempotency_conflict", "This key stands for another spend", 0],
    );
  }
  assertEquals(await leftIn(batch), [6]);
  assertEquals(await availableTo(other), 10);
});

Deno.test("one key buys one service: another action or reference under it is refused", async () => {
  const owner = await someone();
  const batch = await grant(owner, 10);
  const once = { p_idempotency_key: unique("session") };
  const insights = {
    ...once,
    p_action_type: "feature_usage",
    p_action_reference_id: "insights",
  };
  const first = await spend(owner, 1, insights);
  assertEquals(await spend(owner, 1, insights), first);
  for (
    const wish of [
      { ...insights, p_action_reference_id: "recommendations" },
      { ...insights, p_action_type: "service" },
      once,
    ]
  ) {
    assertEquals((await spend(owner, 1, wish)).code, "idempotency_conflict");
  }
  assertEquals(await leftIn(batch), [9]);
});

Deno.test("a key is its owner's: whoever else takes it first keeps nobody from it", async () => {
  const [ana, thief] = [await createPerson(), await createPerson()];
  const { org, manager } = await givenOrganization();
  for (const owner of [userOf(ana), userOf(thief), org]) await grant(owner, 5);
  const once = { p_idempotency_key: unique("checkout") };
  const spends = [
    await spend(userOf(thief), 1, { as: thief.client, ...once }),
    await spend(userOf(ana), 2, { as: ana.client, ...once }),
    await spend(org, 3, { as: manager.client, ...once }),
  ];
  assertEquals(spends.map(({ consumed }) => consumed), [1, 2, 3]);
  assertEquals(new Set(spends.map(({ spend_id }) => spend_id)).size, 3);
  assertEquals(
    await spend(userOf(ana), 2, { as: ana.client, ...once }),
    spends[1],
  );
});

Deno.test("a refused spend leaves its key free", async () => {
  const owner = await someone();
  const once = { p_idempotency_key: unique("session") };
  assertEquals((await spend(owner, 4, once)).code, "insufficient_credits");
  await grant(owner, 4);
  assertEquals((await spend(owner, 4, once)).success, true);
});

Deno.test("what is refunded to an expired batch expires again, with an entry of its own", async () => {
  const owner = await someone();
  const batch = await grant(owner, 10, {
    grantedAt: inDays(-20),
    expiresAt: inDays(1),
  });
  const { spend_id } = await spend(owner, 4);
  const expire = async (days: number) =>
    must(await db.rpc("expire_credit_batches", { p_now: inDays(days) }));

  await expire(2);
  assertEquals(await leftIn(batch), [0]);
  await refund(spend_id, { p_amount: 3, p_now: inDays(2) });
  assertEquals(await leftIn(batch), [3]);
  await expire(3);
  await expire(3);
  await refund(spend_id, { p_now: inDays(3) });
  await expire(4);
  assertEquals(await entriesOf(batch), [
    ["grant", 10],
    ["spend", -4],
    ["expiry", -6],
    ["refund", 3],
    ["expiry", -3],
    ["refund", 1],
    ["expiry", -1],
  ]);
  assertEquals(only(await batchesOf(owner)).is_expired, true);
});

Deno.test("a spend that its user calls a refund can still be refunded", async () => {
  const owner = await someone();
  const batch = await grant(owner, 10);
  const { spend_id } = await spend(owner, 10, {
    p_action_type: "refund",
    p_action_reference_id: "the key",
  });
  assertEquals(
    (await refund(spend_id, { p_idempotency_key: "the key" })).refunded,
    10,
  );
  assertEquals(await leftIn(batch), [10]);
});
