import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  assertSound,
  availableTo,
  callRpc,
  givenOrganization,
  givePlan,
  grant,
  inDays,
  type Owner,
  refund,
  spend,
  userOf,
} from "../support/credits.ts";
import { givenMember } from "../support/organizations.ts";
import { createPerson, type Person } from "../support/people.ts";
import { must, unique } from "../support/rows.ts";
import { sqlTest, value } from "../support/sql.ts";
import { type Client, secretClient } from "../support/stack.ts";

const db = secretClient();

Deno.test.afterEach(assertSound);

sqlTest("every kind of entry has words of its own", async (sql) => {
  const kinds = await sql.query(
    `select pg_get_constraintdef(oid) as definition from pg_constraint
     where conrelid = 'public.credit_ledger'::regclass and conname = 'credit_ledger_sign_check'`,
  );
  const names = [
    ...String(kinds[0]?.definition).matchAll(/'([a-z_]+)'::text/g),
  ].map(([, name]) => name);
  assert(names.includes("debt_payment"), String(kinds[0]?.definition));
  for (const name of names) {
    const words = await value(
      sql,
      "select private.entry_in_words($1, 'grant', null, null)",
      [name],
    );
    assertNotEquals(String(words).toLowerCase(), name?.replaceAll("_", " "));
  }
});

Deno.test("a statement has each entry in words, with the balance after it, oldest first", async () => {
  const ana = await createPerson();
  const owner = userOf(ana);
  await grant(owner, 10, {
    p_description: "Ten credits",
    expiresAt: inDays(20),
  });
  await grant(owner, 5, { source: "admin_grant", expiresAt: inDays(40) });
  const { spend_id } = await spend(owner, 12, {
    as: ana.client,
    p_description: "Decision insights",
  });
  await refund(spend_id, { p_amount: 3, p_reason: "It did not work" });

  const lines = await statementOf(ana.client, owner);
  assertEquals(
    lines.map((it) => [it.entry_type, it.description, it.amount, it.balance]),
    [
      ["grant", "Bought: Ten credits", 10, 10],
      ["grant", "Granted by the office", 5, 15],
      ["spend", "Spent: Decision insights", -10, 5],
      ["spend", "Spent: Decision insights", -2, 3],
      ["refund", "Given back: It did not work", 2, 5],
      ["refund", "Given back: It did not work", 1, 6],
    ],
  );
  assertEquals(lines.at(-1)?.balance, await availableTo(owner));
  assert(lines.every(({ at }, index) => at! >= (lines[index - 1]?.at ?? "")));
  assertEquals(
    lines.map((it) => it.spend_id).filter(Boolean),
    Array(4).fill(spend_id),
  );
});

Deno.test("what the plan's allowance paid is on the statement, and changes no balance", async () => {
  const ana = await createPerson();
  const owner = userOf(ana);
  await givePlan(ana, 5);
  await grant(owner, 10, { expiresAt: inDays(60) });
  const { spend_id } = await spend(owner, 7, {
    as: ana.client,
    p_feature_key: "ai_insights",
  });
  await refund(spend_id);
  const lines = await statementOf(ana.client, owner);
  assertEquals(
    lines.map((it) => [
      it.entry_type,
      it.description,
      it.amount,
      it.allowance,
      it.balance,
    ]),
    [
      ["grant", "Bought", 10, 0, 10],
      ["spend", "Spent: ai_insights", -2, 0, 8],
      ["allowance", "Spent of the plan's allowance: ai_insights", 0, 5, 8],
      ["refund", "Given back: ai_insights", 2, 0, 10],
      ["refund", "Given back: ai_insights", 0, -5, 10],
    ],
  );
});

Deno.test("a statement of a while brings forward what there was, and a balance can be asked of any instant", async () => {
  const ana = await createPerson();
  const owner = userOf(ana);
  await grant(owner, 4, { grantedAt: inDays(-9), expiresAt: inDays(9) });
  await grant(owner, 6, { grantedAt: inDays(-5), expiresAt: inDays(-2) });
  await grant(owner, 8, { grantedAt: inDays(-1), expiresAt: inDays(9) });

  const lines = await statementOf(ana.client, owner, {
    p_from: inDays(-6),
    p_to: inDays(-1.5),
  });
  assertEquals(
    lines.map((it) => [it.entry_type, it.amount, it.balance]),
    [["brought_forward", 0, 4], ["grant", 6, 10], ["expiry", -6, 4]],
    "lapsed, though no maintenance has run",
  );
  for (
    const [days, balance] of [
      [-10, 0],
      [-8, 4],
      [-4, 10],
      [-1.5, 4],
      [0, 12],
    ] as const
  ) {
    const at = must(
      await ana.client.rpc("credit_balance_at", {
        p_owner_type: owner.type,
        p_owner_id: owner.id,
        p_at: inDays(days),
      }),
    );
    assertEquals(at, balance, `${days} days`);
  }
  assertEquals(await availableTo(owner), 12);
  must(await db.rpc("expire_credit_batches"));
  const after = await statementOf(ana.client, owner);
  assertEquals(after.map((it) => [it.amount, it.balance]), [
    [4, 4],
    [6, 10],
    [8, 18],
    [-6, 12],
  ]);
});

Deno.test("a statement is shown to the user, to who manages the organisation, and to the support", async () => {
  const [ana, stranger, coach, admin] = [
    await createPerson(),
    await createPerson(),
    await createPerson({ role: "coach" }),
    await createPerson({ role: "admin" }),
  ];
  const { org, manager } = await givenOrganization();
  const orgAdmin = await givenMember(org, "org_admin");
  const member = await givenMember(org);
  const elsewhere = await givenOrganization();
  for (const owner of [userOf(ana), org]) await grant(owner, 7);

  const may: [Person, Owner][] = [
    [ana, userOf(ana)],
    [admin, userOf(ana)],
    [manager, org],
    [orgAdmin, org],
    [admin, org],
  ];
  for (const [person, owner] of may) {
    const lines = await statementOf(person.client, owner);
    assertEquals(lines.map(({ balance }) => balance), [7]);
  }
  const mayNot: [Person, Owner][] = [
    [stranger, userOf(ana)],
    [coach, userOf(ana)],
    [manager, userOf(ana)],
    [member, org],
    [elsewhere.manager, org],
    [ana, { type: "user", id: crypto.randomUUID() }],
  ];
  for (const name of ["credit_statement", "credit_balance_at"]) {
    for (const [person, owner] of mayNot) {
      const { status, body } = await callRpc(
        name,
        { p_owner_type: owner.type, p_owner_id: owner.id },
        person.token,
      );
      assertEquals([status, body.code], [403, "42501"]);
    }
    const visitor = await callRpc(name, {
      p_owner_type: "user",
      p_owner_id: ana.id,
    });
    assertEquals(visitor.status, 401);
  }
});

Deno.test("an admin corrects a batch: the ledger, the statement and the audit log say who, how much and why", async () => {
  const [admin, ana] = [
    await createPerson({ role: "admin" }),
    await createPerson(),
  ];
  const owner = userOf(ana);
  const batch = await grant(owner, 10);
  await spend(owner, 4, { as: ana.client });
  const why = "The insight did not come";

  const given = await correct(admin, batch, 4, why);
  assertEquals([given.success, given.corrected, given.remaining], [
    true,
    4,
    10,
  ]);
  const taken = await correct(admin, batch, -3, "  Granted twice ");
  assertEquals([taken.success, taken.corrected, taken.remaining], [
    true,
    -3,
    7,
  ]);
  assertEquals(await availableTo(owner), 7);
  assertEquals(
    (await statementOf(ana.client, owner)).slice(2).map((it) => [
      it.entry_type,
      it.description,
      it.amount,
      it.balance,
    ]),
    [
      ["correction", `Corrected by the office: ${why}`, 4, 10],
      ["correction", "Corrected by the office: Granted twice", -3, 7],
    ],
  );
  assertEquals(await auditedFor(admin, "credits.correct"), [
    {
      target: ana.id,
      details: {
        outcome: "done",
        batch_id: batch,
        owner_type: "user",
        owner_id: ana.id,
        amount: 4,
        reason: why,
      },
    },
    {
      target: ana.id,
      details: {
        outcome: "done",
        batch_id: batch,
        owner_type: "user",
        owner_id: ana.id,
        amount: -3,
        reason: "Granted twice",
      },
    },
  ]);
});

Deno.test("a correction that is sent twice is made once; another key makes it again", async () => {
  const admin = await createPerson({ role: "admin" });
  const owner = userOf(await createPerson());
  const batch = await grant(owner, 10);
  const once = await correct(admin, batch, -2, "Granted twice");
  const again = await correct(admin, batch, -2, "Granted twice");
  assertEquals(
    [once.corrected, again.success, again.corrected, again.remaining],
    [-2, true, 0, 8],
  );
  const key = unique("correction");
  for (const corrected of [-2, 0]) {
    const answer = await correct(admin, batch, -2, "Granted twice", key);
    assertEquals([answer.success, answer.corrected], [true, corrected]);
  }
  for (
    const [amount, reason] of [
      [-3, "Granted twice"],
      [-2, "Another reason"],
    ] as const
  ) {
    const { success, code } = await correct(admin, batch, amount, reason, key);
    assertEquals([success, code], [false, "idempotency_conflict"]);
  }
  assertEquals(await availableTo(owner), 6);
  assertEquals((await auditedFor(admin, "credits.correct")).length, 2);
});

Deno.test("a correction takes no more than is left, gives back no more than went, and says why", async () => {
  const admin = await createPerson({ role: "admin" });
  const owner = userOf(await createPerson());
  const batch = await grant(owner, 10);
  const lapsed = await grant(owner, 10, {
    grantedAt: inDays(-9),
    expiresAt: inDays(-1),
  });
  await spend(owner, 3);
  for (
    const [id, amount, reason, code] of [
      [batch, -8, "Too many", "exceeds_batch"],
      [batch, 4, "Too many", "exceeds_batch"],
      [batch, 2_147_483_647, "Too many", "exceeds_batch"],
      [batch, -2_147_483_648, "Too many", "exceeds_batch"],
      [batch, 0, "Nothing", "invalid_amount"],
      [batch, 1, "", "reason_missing"],
      [batch, 1, " \t", "reason_missing"],
      [batch, 1, "x".repeat(1001), "reason_missing"],
      [lapsed, 1, "Too late", "exceeds_batch"],
      [crypto.randomUUID(), 1, "Whose?", "unknown_batch"],
    ] as const
  ) {
    const answer = await correct(admin, id, amount, reason);
    assertEquals([answer.success, answer.code, answer.corrected], [
      false,
      code,
      0,
    ]);
    assert(answer.error);
  }
  must(await db.rpc("expire_credit_batches"));
  assertEquals(
    (await correct(admin, lapsed, 1, "Too late")).code,
    "batch_expired",
  );
  assertEquals(await availableTo(owner), 7);
});

Deno.test("what a correction gave back is not refunded once more", async () => {
  const admin = await createPerson({ role: "admin" });
  const owner = userOf(await createPerson());
  const batch = await grant(owner, 10);
  const { spend_id } = await spend(owner, 6);
  await correct(admin, batch, 4, "It did not work");
  const refused = await refund(spend_id, { p_amount: 3 });
  assertEquals([refused.success, refused.code], [false, "exceeds_spend"]);
  const { refunded, refundable } = await refund(spend_id);
  assertEquals([refunded, refundable], [2, 0]);
  assertEquals(await availableTo(owner), 10);
});

Deno.test("credits are corrected by admins and by nobody else", async () => {
  const [ana, coach] = [
    await createPerson(),
    await createPerson({ role: "coach" }),
  ];
  const { org, manager } = await givenOrganization("org_admin");
  const [own, orgs] = [await grant(userOf(ana), 10), await grant(org, 10)];
  await spend(userOf(ana), 5);
  for (
    const [person, batch] of [[ana, own], [coach, own], [
      manager,
      orgs,
    ]] as const
  ) {
    const { status, body } = await callRpc(
      "correct_credits",
      { p_batch_id: batch, p_amount: 5, p_reason: "Please" },
      person.token,
    );
    assertEquals([status, body.code], [403, "42501"]);
  }
  const visitor = await callRpc("correct_credits", {
    p_batch_id: own,
    p_amount: 5,
    p_reason: "Please",
  });
  assertEquals(visitor.status, 401);
  assertEquals(await availableTo(userOf(ana)), 5);
});

Deno.test("an admin grants as the pages do; a second press of the button grants nothing more", async () => {
  const [admin, other, ana] = [
    await createPerson({ role: "admin" }),
    await createPerson({ role: "admin" }),
    await createPerson(),
  ];
  const { org } = await givenOrganization();
  const wish = {
    p_owner_type: "user",
    p_owner_id: ana.id,
    p_amount: 20,
    p_expires_at: inDays(30),
    p_source_type: "admin_grant",
    p_description: "For the pilot",
  };
  const { status, body: batch } = await callRpc(
    "grant_credit_batch",
    wish,
    admin.token,
  );
  assertEquals(status, 200);
  assertEquals(must(await admin.client.rpc("grant_credit_batch", wish)), batch);
  assertEquals(await availableTo(userOf(ana)), 20);

  const others = [
    must(await other.client.rpc("grant_credit_batch", wish)),
    must(
      await admin.client.rpc("grant_credit_batch", {
        ...wish,
        p_description: "For the second pilot",
      }),
    ),
    must(
      await admin.client.rpc("grant_credit_batch", {
        ...wish,
        p_owner_type: "org",
        p_owner_id: org.id,
      }),
    ),
  ];
  assertEquals(new Set([batch, ...others]).size, 4);
  assertEquals(await availableTo(userOf(ana)), 60);
  assertEquals(
    (await auditedFor(admin, "credits.grant")).map(({ target, details }) => [
      target,
      details.batch_id,
      details.amount,
      details.reason,
    ]),
    [
      [ana.id, batch, 20, "For the pilot"],
      [ana.id, others[1], 20, "For the second pilot"],
      [null, others[2], 20, "For the pilot"],
    ],
  );
});

Deno.test("an admin's key is for one owner's grant, and takes no key of the server's", async () => {
  const admin = await createPerson({ role: "admin" });
  const [ana, ben] = [await createPerson(), await createPerson()];
  const key = unique("purchase");
  const wish = (owner: { id: string }, amount = 5) =>
    admin.client.rpc("grant_credit_batch", {
      p_owner_type: "user",
      p_owner_id: owner.id,
      p_amount: amount,
      p_expires_at: inDays(30),
      p_source_type: "admin_grant",
      p_idempotency_key: key,
    });
  const [one, two] = [must(await wish(ana)), must(await wish(ben))];
  assert(one !== two);
  assertEquals(must(await wish(ana)), one);
  assertEquals((await wish(ana, 6)).error?.code, "22023");
  const paid = await grant(userOf(ana), 5, { p_idempotency_key: key });
  assert(paid !== one && paid !== two);
  assertEquals(await availableTo(userOf(ana)), 10);
});

async function statementOf(
  client: Client,
  owner: Owner,
  range: { p_from?: string; p_to?: string } = {},
) {
  return must(
    await client.rpc("credit_statement", {
      p_owner_type: owner.type,
      p_owner_id: owner.id,
      ...range,
    }),
  );
}

async function correct(
  admin: Person,
  batch: string,
  amount: number,
  reason: string,
  key?: string,
) {
  return must(
    await admin.client.rpc("correct_credits", {
      p_batch_id: batch,
      p_amount: amount,
      p_reason: reason,
      ...(key ? { p_idempotency_key: key } : {}),
    }),
  );
}

async function auditedFor(actor: Person, action: string) {
  const lines = must(
    await db.from("admin_audit_logs").select("target_user_id, details")
      .eq("actor_id", actor.id).eq("action", action).order("created_at"),
  );
  return lines.map(({ target_user_id, details }) => ({
    target: target_user_id,
    details: Object(details),
  }));
}
