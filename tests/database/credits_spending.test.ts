import { assertEquals } from "@std/assert";
import {
  assertSound,
  availableTo,
  callRpc,
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
import { must } from "../support/rows.ts";
import { api, secretClient } from "../support/stack.ts";

const db = secretClient();

Deno.test.afterEach(assertSound);

async function someone() {
  return userOf({ id: await createUser({ email: uniqueEmail() }) });
}

Deno.test("a spend that is refused takes nothing, of the plan neither, and says what is missing", async () => {
  const owner = await someone();
  await givePlan(owner, 4);
  const batch = await grant(owner, 10);

  const refused = await spend(owner, 50);
  assertEquals(
    [refused.success, refused.code, refused.error, refused.consumed],
    [false, "insufficient_credits", "Insufficient credits", 0],
  );
  assertEquals([refused.requested, refused.remaining_needed], [50, 36]);
  assertEquals(await leftIn(batch), [10]);
  assertEquals(await availableTo(owner), 14);
  assertEquals(await entriesOf(batch), [["grant", 10]]);

  assertEquals((await spend(owner, 14)).success, true);
  assertEquals(await availableTo(owner), 0);
});

Deno.test("credits that expire sooner go first, then granted before purchased, then the oldest", async () => {
  const owner = await someone();
  const expiresAt = inDays(20);
  const late = await grant(owner, 1, {
    source: "grant",
    expiresAt: inDays(40),
  });
  const purchased = await grant(owner, 1, { expiresAt, grantedAt: inDays(-9) });
  const newer = await grant(owner, 1, { source: "grant", expiresAt });
  const older = await grant(owner, 1, {
    source: "program",
    expiresAt,
    grantedAt: inDays(-3),
  });
  const soon = await grant(owner, 1, { expiresAt: inDays(5) });

  const order = [soon, older, newer, purchased, late];
  for (const batch_id of order) {
    const source = batch_id === older ? "program" : "bonus";
    const { details } = await spend(owner, 1);
    assertEquals(details, [{ source, batch_id, amount: 1 }]);
  }
  assertEquals((await spend(owner, 1)).code, "insufficient_credits");
});

Deno.test("the plan's allowance goes as credits that expire with the month", async () => {
  const owner = await someone();
  await givePlan(owner, 5);
  const now = new Date();
  const endOfMonth = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
  const [soon, late] = [
    await grant(owner, 2, {
      expiresAt: new Date((Date.now() + endOfMonth) / 2).toISOString(),
    }),
    await grant(owner, 2, { expiresAt: inDays(60) }),
  ];
  const spent = await spend(owner, 8);
  assertEquals(
    [spent.from_plan, spent.from_bonus, spent.from_program, spent.consumed],
    [5, 3, 0, 8],
  );
  assertEquals(await leftIn(soon, late), [0, 1]);
});

Deno.test("credits of a feature are spent on that feature only, general ones on any", async () => {
  const owner = await someone();
  await grant(owner, 3, { p_feature_key: "coaching" });
  const general = await grant(owner, 2, { expiresAt: inDays(60) });

  assertEquals(
    (await spend(owner, 3)).remaining_needed,
    1,
    "without a feature",
  );
  assertEquals(
    (await spend(owner, 3, { p_feature_key: "assessments" })).code,
    "insufficient_credits",
  );
  assertEquals(
    (await spend(owner, 4, { p_feature_key: "coaching" })).success,
    true,
  );
  assertEquals(await leftIn(general), [1]);
});

Deno.test("expired credits are not spent, though no maintenance has marked them", async () => {
  const owner = await someone();
  await grant(owner, 5, { grantedAt: inDays(-9), expiresAt: inDays(-1) });
  assertEquals((await spend(owner, 1)).remaining_needed, 1);
  assertEquals(await availableTo(owner), 0);
});

for (const amount of [0, -1, -2_147_483_648]) {
  Deno.test(`an amount of ${amount} is neither granted, spent nor refunded`, async () => {
    const owner = await someone();
    const batch = await grant(owner, 10);
    const { spend_id } = await spend(owner, 5);

    assertEquals((await spend(owner, amount)).code, "invalid_amount");
    assertEquals(
      (await refund(spend_id, { p_amount: amount })).code,
      "invalid_amount",
    );
    const { error, status } = await db.rpc("grant_credit_batch", {
      p_owner_type: owner.type,
      p_owner_id: owner.id,
      p_amount: amount,
      p_expires_at: inDays(1),
      p_source_type: "grant",
    });
    assertEquals([error?.code, status], ["22023", 400]);
    assertEquals(await leftIn(batch), [5]);
  });
}

Deno.test("an amount that is no integer, or beyond one, is malformed: 400 and nothing happens", async () => {
  const owner = await someone();
  const batch = await grant(owner, 10);
  const { spend_id } = await spend(owner, 5);
  const of = { p_owner_type: owner.type, p_owner_id: owner.id };
  const granting = { ...of, p_expires_at: inDays(1), p_source_type: "grant" };
  for (const p_amount of [2_147_483_648, 1e300, 1.5, "ten", "", [], {}]) {
    for (
      const [name, args] of [
        ["consume_credits_fifo", { ...of, p_amount }],
        ["grant_credit_batch", { ...granting, p_amount }],
        ["refund_credits", { p_spend_id: spend_id, p_amount }],
      ] as const
    ) {
      const { status, body } = await callRpc(name, args, api.secretKey);
      assertEquals(status, 400, `${name} ${p_amount}: ${JSON.stringify(body)}`);
    }
  }
  assertEquals(await leftIn(batch), [5]);
});

Deno.test("an amount of null is refused; the largest integer is just too much", async () => {
  const owner = await someone();
  const of = { p_owner_type: owner.type, p_owner_id: owner.id };
  const spent = await callRpc(
    "consume_credits_fifo",
    { ...of, p_amount: null },
    api.secretKey,
  );
  assertEquals([spent.status, spent.body.code], [200, "invalid_amount"]);
  const granting = { ...of, p_expires_at: inDays(1), p_source_type: "grant" };
  for (const p_amount of [null, 2_147_483_647]) {
    const granted = await callRpc(
      "grant_credit_batch",
      { ...granting, p_amount },
      api.secretKey,
    );
    assertEquals([granted.status, granted.body.code], [400, "22023"]);
  }
  const { code, remaining_needed } = await spend(owner, 2_147_483_647);
  assertEquals([code, remaining_needed], [
    "insufficient_credits",
    2_147_483_647,
  ]);
});

Deno.test("grants add up beyond what an integer holds", async () => {
  const owner = await someone();
  for (let count = 0; count < 22; count++) await grant(owner, 100_000_000);
  assertEquals(await availableTo(owner), 2_200_000_000);
  const { consumed } = await spend(owner, 2_147_483_647);
  assertEquals(consumed, 2_147_483_647);
  assertEquals(await availableTo(owner), 52_516_353);
});

Deno.test("credits are granted to somebody who exists, from a known source, for a time to come", async () => {
  const owner = await someone();
  const granting = {
    p_owner_type: owner.type as string,
    p_owner_id: owner.id,
    p_amount: 1,
    p_expires_at: inDays(1),
    p_source_type: "grant",
  };
  for (
    const wrong of [
      { p_owner_id: crypto.randomUUID() },
      { p_owner_type: "org" },
      { p_owner_type: "team" },
      { p_expires_at: inDays(-1) },
    ]
  ) {
    const { error, status } = await db.rpc("grant_credit_batch", {
      ...granting,
      ...wrong,
    });
    assertEquals([error?.code, status], ["22023", 400], JSON.stringify(wrong));
  }
  const { error } = await db.rpc("grant_credit_batch", {
    ...granting,
    p_source_type: "topup",
  });
  assertEquals(error?.code, "23514");
});

Deno.test("an organisation's credits are spent by who manages it, and its log has them", async () => {
  const { org, manager } = await givenOrganization();
  const member = await createPerson();
  must(
    await db.from("organization_members").insert({
      organization_id: org.id,
      user_id: member.id,
      role: "org_member",
    }).select(),
  );
  const batch = await grant(org, 10);

  const spent = await spend(org, 4, {
    as: manager.client,
    p_action_type: "session",
    p_action_reference_id: "session-1",
  });
  assertEquals(
    [spent.success, spent.from_bonus, spent.consumed],
    [true, 4, 4],
  );
  assertEquals(
    (await spend(org, 4, { as: member.client })).code,
    "not_allowed",
  );
  assertEquals(await leftIn(batch), [6]);
  const log = must(
    await db.from("credit_consumption_log").select(
      "user_id, batch_id, quantity, source_type, action_type, action_reference_id",
    ).eq("organization_id", org.id),
  );
  assertEquals(log, [{
    user_id: null,
    batch_id: batch,
    quantity: 4,
    source_type: "bonus",
    action_type: "session",
    action_reference_id: "session-1",
  }]);
});

Deno.test("a user spends his own credits without naming himself", async () => {
  const person = await createPerson();
  const batch = await grant(userOf(person), 3);
  const { success } = must(
    await person.client.rpc("consume_credits_fifo", { p_amount: 2 }),
  );
  assertEquals(success, true);
  assertEquals(await leftIn(batch), [1]);
});
