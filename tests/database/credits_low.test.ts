import { assertEquals } from "@std/assert";
import {
  callRpc,
  givenOrganization,
  givePlan,
  grant,
  inDays,
  type Owner,
  spend,
  userOf,
} from "../support/credits.ts";
import { givenMember } from "../support/organizations.ts";
import { createPerson, type Person } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();

Deno.test("an owner whose credits come down to the threshold is told once, until there was more", async () => {
  const ana = await createPerson();
  const owner = userOf(ana);
  await watch(ana, owner, 5);
  await grant(owner, 8);
  assertEquals(await told(ana), []);
  await spend(owner, 2);
  assertEquals(await told(ana), []);
  await spend(owner, 1);
  const low = ["5 credits are left", "You asked to be told at 5."];
  assertEquals(await told(ana), [low]);
  await spend(owner, 4);
  assertEquals(await told(ana), [low]);

  await grant(owner, 10);
  assertEquals(await told(ana), [low]);
  await spend(owner, 10);
  assertEquals(await told(ana), [low, [
    "1 credit is left",
    "You asked to be told at 5.",
  ]]);
});

Deno.test("the plan's allowance counts, and credits that lapse go as those that are spent", async () => {
  const [ana, ben] = [await createPerson(), await createPerson()];
  for (const person of [ana, ben]) {
    await watch(person, userOf(person), 4);
    await grant(userOf(person), 3, { expiresAt: inDays(60) });
  }
  await givePlan(ana, 2);
  await grant(userOf(ben), 2, { expiresAt: inDays(1) });
  assertEquals([await told(ana), await told(ben)], [[], []]);
  must(await db.rpc("send_low_credit_notices", { p_now: inDays(2) }));
  assertEquals((await told(ben)).length, 1);
  await spend(userOf(ana), 1);
  assertEquals((await told(ana)).length, 1);
});

Deno.test("a threshold can be changed and taken away; without one nobody is told", async () => {
  const [ana, ben] = [await createPerson(), await createPerson()];
  await watch(ana, userOf(ana), 0);
  await grant(userOf(ana), 3);
  await grant(userOf(ben), 1);
  await spend(userOf(ben), 1);
  assertEquals([await told(ana), await told(ben)], [[], []]);
  await watch(ana, userOf(ana), 3);
  assertEquals((await told(ana)).length, 1);
  await watch(ana, userOf(ana), 3);
  assertEquals((await told(ana)).length, 1);
  await watch(ana, userOf(ana), null);
  await spend(userOf(ana), 3);
  assertEquals((await told(ana)).length, 1);
  assertEquals(
    must(await ana.client.from("low_credit_thresholds").select()),
    [],
  );
});

Deno.test("of an organisation's credits, who manages them is told, by mail too", async () => {
  const { org, manager } = await givenOrganization();
  const [orgAdmin, member] = [
    await givenMember(org, "org_admin"),
    await givenMember(org),
  ];
  await watch(manager, org, 100);
  await grant(org, 100);
  for (
    const [person, notices] of [[manager, 1], [orgAdmin, 1], [
      member,
      0,
    ]] as const
  ) {
    assertEquals((await told(person)).length, notices);
    const mails = must(
      await db.from("email_queue").select("template_key, template_data")
        .eq("user_id", person.id),
    );
    assertEquals(
      mails.map((it) => [it.template_key, Object(it.template_data).title]),
      notices ? [["notification", "100 credits are left"]] : [],
    );
  }
  assertEquals(
    must(
      await orgAdmin.client.from("low_credit_thresholds")
        .select("owner_type, owner_id, threshold"),
    ),
    [{ owner_type: "org", owner_id: org.id, threshold: 100 }],
  );
});

Deno.test("a threshold is set by whose credits they are, and by nobody else", async () => {
  const [ana, stranger] = [await createPerson(), await createPerson()];
  const { org } = await givenOrganization();
  const member = await givenMember(org);
  const elsewhere = await givenOrganization();
  for (
    const [person, owner] of [
      [stranger, userOf(ana)],
      [member, org],
      [elsewhere.manager, org],
      [ana, { type: "team", id: ana.id }],
    ] as const
  ) {
    const { status, body } = await callRpc("set_low_credit_threshold", {
      p_owner_type: owner.type,
      p_owner_id: owner.id,
      p_threshold: 5,
    }, person.token);
    assertEquals([status, body.code], [403, "42501"]);
  }
  const visitor = await callRpc("set_low_credit_threshold", {
    p_owner_type: "user",
    p_owner_id: ana.id,
    p_threshold: 5,
  });
  assertEquals(visitor.status, 401);
  for (const p_threshold of [-1, 100_000_001]) {
    const { status } = await callRpc("set_low_credit_threshold", {
      p_owner_type: "user",
      p_owner_id: ana.id,
      p_threshold,
    }, ana.token);
    assertEquals(status, 400);
  }
});

async function watch(
  { client }: Person,
  owner: Owner,
  threshold: number | null,
): Promise<void> {
  const { error } = await client.rpc("set_low_credit_threshold", {
    p_owner_type: owner.type,
    p_owner_id: owner.id,
    p_threshold: threshold as number,
  });
  assertEquals(error, null);
}

/** What somebody has been told of low credits once the job has run. */
async function told({ id }: Person): Promise<(string | null)[][]> {
  must(await db.rpc("send_low_credit_notices"));
  const notices = must(
    await db.from("notifications")
      .select("title, message, notification_types!inner(key)")
      .eq("user_id", id).eq("notification_types.key", "credits_low")
      .order("created_at"),
  );
  return notices.map(({ title, message }) => [title, message]);
}
