import { assertEquals, assertObjectMatch } from "@std/assert";
import {
  callRpc,
  givenOrganization,
  givePlan,
  grant,
  inDays,
  refund,
  spend,
  userOf,
} from "../support/credits.ts";
import { createPerson } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { api, secretClient } from "../support/stack.ts";

const db = secretClient();

Deno.test("a user's summary tells the plan, program and other credits, and what expires soon", async () => {
  const person = await createPerson();
  const owner = userOf(person);
  await givePlan(person, 5);
  const soon = inDays(3);
  const program = await grant(owner, 10, {
    source: "program",
    expiresAt: inDays(70),
    p_feature_key: "coaching",
    p_description: "Leading Well",
  });
  await grant(owner, 4, { expiresAt: soon });
  await grant(owner, 7, { grantedAt: inDays(-9), expiresAt: inDays(-1) });
  // five of the plan, four of the bonus, and one of the three of the program comes back
  const { spend_id } = await spend(owner, 12, { p_feature_key: "coaching" });
  await refund(spend_id, { p_amount: 1 });
  await grant(owner, 2, { expiresAt: soon });

  const { earliest_expiry, batches, ...summary } = must(
    await person.client.rpc("get_user_credit_summary_v2", {
      p_user_id: person.id,
    }),
  );
  assertEquals(summary, {
    plan_allowance: 5,
    plan_used: 5,
    plan_remaining: 0,
    program_total: 10,
    program_remaining: 8,
    bonus_total: 2,
    bonus_remaining: 2,
    total_available: 10,
    expiring_within_7_days: 2,
  });
  assertEquals(Date.parse(earliest_expiry ?? ""), Date.parse(soon));
  assertObjectMatch({ batches }, {
    batches: [
      { source_type: "purchase", remaining_amount: 2, feature_key: null },
      {
        id: program,
        source_type: "program",
        feature_key: "coaching",
        original_amount: 10,
        remaining_amount: 8,
        description: "Leading Well",
      },
    ],
  });
});

Deno.test("an organisation's summary has no plan; whoever has nothing has zeros", async () => {
  const { org, manager } = await givenOrganization();
  const of = async () =>
    must(
      await manager.client.rpc("get_org_credit_summary_v2", {
        p_org_id: org.id,
      }),
    );
  const nothing = {
    plan_allowance: null,
    plan_used: null,
    plan_remaining: null,
    program_total: 0,
    program_remaining: 0,
    bonus_total: 0,
    bonus_remaining: 0,
    total_available: 0,
    expiring_within_7_days: 0,
    earliest_expiry: null,
    batches: [],
  };
  assertEquals(await of(), nothing);
  await grant(org, 9);
  await spend(org, 2);
  assertEquals({ ...await of(), earliest_expiry: null, batches: [] }, {
    ...nothing,
    bonus_total: 9,
    bonus_remaining: 7,
    total_available: 7,
  });
});

Deno.test("a plan that has ended, or gives nothing, is no plan", async () => {
  const person = await createPerson();
  await givePlan(person, 5);
  must(
    await db.from("profiles").update({ plan_expires_at: inDays(-1) })
      .eq("id", person.id).select(),
  );
  const summary = must(
    await db.rpc("get_user_credit_summary_v2", { p_user_id: person.id }),
  );
  assertEquals([summary.plan_allowance, summary.total_available], [null, 0]);
  assertEquals((await spend(userOf(person), 1)).code, "insufficient_credits");
});

Deno.test("a stranger's summary is 403, a visitor's 401; nothing tells whether there are credits", async () => {
  const [owner, stranger] = [await createPerson(), await createPerson()];
  const { org } = await givenOrganization();
  for (const id of [owner.id, crypto.randomUUID()]) {
    const { status, body } = await callRpc("get_user_credit_summary_v2", {
      p_user_id: id,
    }, stranger.token);
    assertEquals([status, body.code], [403, "42501"]);
  }
  for (const id of [org.id, crypto.randomUUID()]) {
    const { status, body } = await callRpc("get_org_credit_summary_v2", {
      p_org_id: id,
    }, stranger.token);
    assertEquals([status, body.code], [403, "42501"]);
  }
  const { status } = await callRpc("get_user_credit_summary_v2", {
    p_user_id: owner.id,
  }, api.publishableKey);
  assertEquals(status, 401);
});
