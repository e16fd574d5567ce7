import { assertEquals, assertExists } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import { must, unique } from "../support/rows.ts";
import { api, type Client, secretClient } from "../support/stack.ts";
import { balanceOf, givenClient, test } from "./credits_enrollment_clients.ts";

const DAY = 86_400_000;
const db = secretClient();
const soon = new Date(Date.now() + 7 * DAY).toISOString();

test("an amount that is nothing, less or no integer is refused, and is no error of the server", async () => {
  const person = await givenClient(10);
  for (const p_amount of [0, -1, -2147483648]) {
    const answer = must(
      await person.client.rpc("consume_credits_fifo", { p_amount }),
    );
    assertEquals([answer.success, answer.code], [false, "invalid_amount"]);
  }
  for (const p_amount of [2147483648, -2147483649, 1e18, 1e300, 1.5, "ten"]) {
    const body = { p_amount };
    assertEquals(
      await statusOf("consume_credits_fifo", person.token, body),
      400,
    );
    assertEquals(
      await statusOf("grant_credit_batch", api.secretKey, {
        ...grantOf("user", person.id),
        ...body,
      }),
      400,
    );
  }
  for (const p_amount of [null, 0, -1, 100_000_001, 2147483647]) {
    assertEquals(
      await statusOf("grant_credit_batch", api.secretKey, {
        ...grantOf("user", person.id),
        p_amount,
      }),
      400,
    );
  }
  const most = must(
    await person.client.rpc("consume_credits_fifo", { p_amount: 2147483647 }),
  );
  assertEquals(
    [most.code, most.remaining_needed],
    ["insufficient_credits", 2147483637],
  );
  assertEquals(await balanceOf(person), 10);
});

test("a grant is to somebody, from a known source and expires in the future", async () => {
  const person = await createPerson();
  const right = grantOf("user", person.id);
  for (
    const wrong of [
      { p_owner_type: "team" },
      { p_owner_type: "org" },
      { p_owner_id: crypto.randomUUID() },
      { p_source_type: "topup" },
      { p_expires_at: new Date(Date.now() - 1000).toISOString() },
    ]
  ) {
    const { data, status } = await db.rpc("grant_credit_batch", {
      ...right,
      ...wrong,
    });
    assertEquals([data, Math.floor(status / 100)], [null, 4]);
  }
  assertEquals(await balanceOf(person), 0);
});

test("a batch that an admin grants opens its account, and cannot be changed past it", async () => {
  const [admin, person] = await Promise.all([
    createPerson({ role: "admin" }),
    createPerson(),
  ]);
  const id = must(
    await admin.client.rpc("grant_credit_batch", {
      p_owner_type: "user",
      p_owner_id: person.id,
      p_amount: 20,
      p_expires_at: soon,
      p_source_type: "admin_grant",
    }),
  );
  assertEquals(
    must(
      await person.client.from("credit_ledger")
        .select("entry_type, amount, balance_after, cause").eq("batch_id", id),
    ),
    [{
      entry_type: "grant",
      amount: 20,
      balance_after: 20,
      cause: "admin_grant",
    }],
  );
  assertEquals(await balanceOf(person), 20);

  const refused = await admin.client.from("credit_batches")
    .update({ remaining_amount: 10 }).eq("id", id);
  assertEquals(refused.error?.code, "23514");
  const kept = await admin.client.from("credit_batches").delete().eq("id", id);
  assertEquals(kept.error?.code, "23503");
  for (const { client } of [admin, person]) {
    // drift-ignore not-granted: the refusal is what is tested
    const { error } = await client.from("credit_batches").insert({
      owner_type: "user",
      owner_id: person.id,
      original_amount: 20,
      remaining_amount: 20,
      expires_at: soon,
      source_type: "admin_grant",
    });
    assertEquals(error?.code, "42501");
  }
  assertEquals(await balanceOf(person), 20);
});

test("an organisation's credits are spent by its managers, not by its members", async () => {
  const { org, manager, member } = await givenOrganization(10);
  const former = await createPerson();
  await givenMember(org, former, { role: "org_manager", is_active: false });
  const admin = await createPerson();
  await givenMember(org, admin, { role: "org_admin" });
  for (const person of [member, former, await createPerson()]) {
    const refused = await spend(person, org, 4);
    assertEquals([refused.success, refused.code], [false, "not_allowed"]);
  }
  for (const person of [manager, admin]) {
    const { success, spend_id } = await spend(person, org, 4);
    assertEquals(success, true);
    const log = must(
      await db.from("credit_consumption_log")
        .select("user_id, organization_id, quantity")
        .eq("spend_id", spend_id ?? ""),
    );
    assertEquals(log, [{ user_id: null, organization_id: org, quantity: 4 }]);
  }
  const { total_available } = must(
    await manager.client.rpc("get_org_credit_summary_v2", { p_org_id: org }),
  );
  assertEquals(total_available, 2);
});

test("nobody spends another's credits, with or without a name for them", async () => {
  const [person, thief] = await Promise.all([givenClient(10), givenClient(5)]);
  for (const p_owner_type of ["user", "org", "team"]) {
    const wish = { p_owner_type, p_owner_id: person.id };
    const { code } = must(await thief.client.rpc("consume_credits_fifo", wish));
    assertEquals(code, "not_allowed");
  }
  const { success } = must(await thief.client.rpc("consume_credits_fifo", {}));
  assertEquals(success, true);
  assertEquals([await balanceOf(person), await balanceOf(thief)], [10, 4]);
});

test("a user's summary tells plan, program and other credits", async () => {
  const person = await givenClient(10);
  must(
    await db.rpc("grant_credit_batch", {
      ...grantOf("user", person.id),
      p_amount: 7,
      p_source_type: "program",
      p_expires_at: new Date(Date.now() + 90 * DAY).toISOString(),
    }),
  );
  must(
    await db.rpc("grant_credit_batch", {
      ...grantOf("user", person.id),
      p_amount: 2,
      p_feature_key: "coaching",
      p_description: "A gift",
    }),
  );
  must(await person.client.rpc("consume_credits_fifo", { p_amount: 4 }));
  const summary = must(
    await person.client.rpc("get_user_credit_summary_v2", {
      p_user_id: person.id,
    }),
  );
  const { batches, earliest_expiry, ...figures } = summary;
  assertEquals(figures, {
    plan_allowance: null,
    plan_used: null,
    plan_remaining: null,
    program_total: 7,
    program_remaining: 7,
    bonus_total: 12,
    bonus_remaining: 8,
    total_available: 15,
    expiring_within_7_days: 8,
  });
  assertExists(earliest_expiry);
  assertEquals(Object(batches).length, 3);
});

test("a summary is shown to its owner, managers and admins, and is forbidden to others", async () => {
  const [person, stranger, admin] = await Promise.all([
    givenClient(10),
    createPerson(),
    createPerson({ role: "admin" }),
  ]);
  const { org, manager, member } = await givenOrganization(3);
  const ofUser = (client: Client) =>
    client.rpc("get_user_credit_summary_v2", { p_user_id: person.id });
  const ofOrg = (client: Client) =>
    client.rpc("get_org_credit_summary_v2", { p_org_id: org });
  for (const { client } of [person, admin]) {
    assertEquals(must(await ofUser(client)).total_available, 10);
  }
  for (const { client } of [manager, admin]) {
    assertEquals(must(await ofOrg(client)).total_available, 3);
  }
  for (
    const { status, data, error } of [
      await ofUser(stranger.client),
      await ofUser(manager.client),
      await ofOrg(stranger.client),
      await ofOrg(member.client),
    ]
  ) assertEquals([status, data, error?.code], [403, null, "42501"]);
});

function grantOf(owner_type: "user" | "org", owner_id: string) {
  return {
    p_owner_type: owner_type,
    p_owner_id: owner_id,
    p_amount: 1,
    p_expires_at: soon,
    p_source_type: "grant",
  };
}

/** The status of a call with a body that supabase-js's types would not let through. */
async function statusOf(
  name: string,
  key: string,
  body: unknown,
): Promise<number> {
  const response = await fetch(`${api.url}/rest/v1/rpc/${name}`, {
    method: "POST",
    headers: {
      "apikey": key === api.secretKey ? key : api.publishableKey,
      "authorization": `Bearer ${key}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  await response.body?.cancel();
  return response.status;
}

/** An organisation with so many credits, a manager and a member. */
async function givenOrganization(credits: number) {
  const { id: org } = must(
    await db.from("organizations").insert({
      name: "Acme",
      slug: unique("acme"),
    }).select("id").single(),
  );
  const [manager, member] = await Promise.all([createPerson(), createPerson()]);
  await givenMember(org, manager, { role: "org_manager" });
  await givenMember(org, member, { role: "org_member" });
  must(
    await db.rpc("grant_credit_batch", {
      ...grantOf("org", org),
      p_amount: credits,
    }),
  );
  return { org, manager, member };
}

async function givenMember(
  org: string,
  person: Person,
  membership: {
    role: "org_admin" | "org_manager" | "org_member";
    is_active?: boolean;
  },
): Promise<void> {
  must(
    await db.from("organization_members").insert({
      organization_id: org,
      user_id: person.id,
      ...membership,
    }).select(),
  );
}

async function spend({ client }: Person, org: string, amount: number) {
  return must(
    await client.rpc("consume_credits_fifo", {
      p_owner_type: "org",
      p_owner_id: org,
      p_amount: amount,
    }),
  );
}
