import { assertEquals } from "@std/assert";
import {
  auditOf,
  givenLink,
  mailKeysTo,
  outcome,
  post,
  profileOf,
} from "../support/identity.ts";
import { createPerson, disable, uniqueEmail } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { postgresTest } from "../support/sql.ts";
import { anonClient, secretClient } from "../support/stack.ts";

const PASSWORD = "Another-1-horse";

const update = (token: string | undefined, body: unknown) =>
  post("update-user-email", body, token);

async function canSignIn(email: string, password: string): Promise<boolean> {
  const { error } = await anonClient().auth.signInWithPassword({
    email,
    password,
  });
  return error === null;
}

Deno.test("update-user-email lets an admin give anybody an address and a password at once, and records it", async () => {
  const admin = await createPerson({ role: "admin" });
  const person = await createPerson();
  const newEmail = uniqueEmail();
  await givenLink({ person, newEmail: uniqueEmail() });
  const answer = await update(admin.token, {
    targetUserId: person.id,
    newEmail: newEmail.toUpperCase(),
    newPassword: PASSWORD,
  });
  assertEquals(answer.status, 200);
  assertEquals(answer.body.success, true);
  const { user } = answer.body;
  assertEquals(
    typeof user === "object" && user !== null && "email" in user && user.email,
    newEmail,
  );
  assertEquals(await profileOf(person.id), {
    email: newEmail,
    username: newEmail,
    is_disabled: false,
  });
  assertEquals(await canSignIn(newEmail, PASSWORD), true);
  assertEquals(
    (await person.client.auth.refreshSession()).error?.status,
    400,
    "the sessions have ended",
  );

  assertEquals(await mailKeysTo(person.email), ["email_changed_by_admin"]);
  assertEquals((await mailKeysTo(newEmail)).sort(), [
    "email_changed_by_admin",
    "password_changed_by_admin",
  ]);
  assertEquals(
    (await auditOf(person.id)).map(({ act, actor_id }) => [act, actor_id]),
    ["user_update asked", "email_changed done", "password_changed done"]
      .map((act) => [act, admin.id]),
  );
  assertEquals(
    must(
      await secretClient().from("email_change_requests").select("id")
        .eq("user_id", person.id),
    ),
    [],
    "what the user had asked for is void",
  );
});

Deno.test("update-user-email tells who is no admin nothing of others, whether they exist or not", async () => {
  const person = await createPerson({ role: "coach" });
  const other = await createPerson();
  for (const targetUserId of [other.id, crypto.randomUUID()]) {
    for (const newEmail of [uniqueEmail(), person.email]) {
      const answer = await update(person.token, { targetUserId, newEmail });
      assertEquals(outcome(answer), [403, "forbidden"]);
      assertEquals(
        answer.body.error,
        "Not authorized to update other users",
      );
    }
  }
  assertEquals((await profileOf(other.id)).email, other.email);
  assertEquals(await auditOf(other.id), []);
});

Deno.test("update-user-email refuses an admin an address in use and a user who is not there", async () => {
  const admin = await createPerson({ role: "admin" });
  const person = await createPerson();
  const other = await createPerson();
  const refused = await update(admin.token, {
    targetUserId: person.id,
    newEmail: other.email,
  });
  assertEquals(outcome(refused), [409, "email_in_use"]);
  assertEquals(
    refused.body.error,
    "This email address is already in use by another account.",
  );
  const nobody = await update(admin.token, {
    targetUserId: crypto.randomUUID(),
    newEmail: uniqueEmail(),
  });
  assertEquals(outcome(nobody), [404, "not_found"]);
});

Deno.test("update-user-email starts a verification for one's own address, an admin's too", async () => {
  for (const role of ["client", "admin"] as const) {
    const person = await createPerson({ role });
    const newEmail = uniqueEmail();
    const answer = await update(person.token, {
      targetUserId: person.id,
      newEmail,
    });
    assertEquals([answer.status, answer.body.pending_email], [200, newEmail]);
    assertEquals((await profileOf(person.id)).email, person.email);
    assertEquals(await mailKeysTo(newEmail), ["email_change_confirm"]);
    assertEquals(await mailKeysTo(person.email), ["email_change_notice"]);
  }
});

Deno.test("update-user-email gives a new password for the present one, and signs out everywhere", async () => {
  const person = await createPerson();
  const answer = await update(person.token, {
    newPassword: PASSWORD,
    currentPassword: person.password,
  });
  assertEquals(answer.status, 200);
  assertEquals(await canSignIn(person.email, PASSWORD), true);
  assertEquals(await canSignIn(person.email, person.password), false);
  assertEquals((await person.client.auth.refreshSession()).error?.status, 400);
  assertEquals(await mailKeysTo(person.email), ["password_changed"]);
  assertEquals((await auditOf(person.id)).map(({ act }) => act), [
    "password_changed done",
  ]);
});

Deno.test("update-user-email takes an address and a password together: one waits, the other holds", async () => {
  const person = await createPerson();
  const newEmail = uniqueEmail();
  const answer = await update(person.token, {
    newEmail,
    newPassword: PASSWORD,
    currentPassword: person.password,
  });
  assertEquals([answer.status, answer.body.pending_email], [200, newEmail]);
  assertEquals(await canSignIn(person.email, PASSWORD), true);
});

Deno.test("update-user-email refuses a new password without the present one, or with a wrong one", async () => {
  const person = await createPerson();
  const missing = await update(person.token, { newPassword: PASSWORD });
  assertEquals(outcome(missing), [403, "reauthentication_required"]);
  for (const newEmail of [undefined, uniqueEmail()]) {
    const wrong = await update(person.token, {
      newEmail,
      newPassword: PASSWORD,
      currentPassword: "wrong",
    });
    assertEquals(outcome(wrong), [403, "wrong_password"]);
  }
  assertEquals(await canSignIn(person.email, person.password), true);
  assertEquals(await mailKeysTo(person.email), []);
});

Deno.test("update-user-email wants 8 to 128 characters of four kinds, an address, a UUID and something to do", async () => {
  const person = await createPerson();
  const weak = [
    "Sh0rt-1",
    "no-capital-1",
    "NO-SMALL-1",
    "No-digits",
    "NoSpecial1",
    `Aa1-${"x".repeat(125)}`,
  ];
  for (const newPassword of weak) {
    const answer = await update(person.token, {
      newPassword,
      currentPassword: person.password,
    });
    assertEquals(outcome(answer), [400, "invalid_request"], newPassword);
  }
  for (
    const body of [
      {},
      { targetUserId: person.id },
      { newEmail: "nobody" },
      { targetUserId: "me", newEmail: uniqueEmail() },
    ]
  ) {
    assertEquals(outcome(await update(person.token, body)), [
      400,
      "invalid_request",
    ]);
  }
  assertEquals(outcome(await update(person.token, "{")), [400, "invalid_json"]);
});

Deno.test("update-user-email refuses visitors, the disabled, and an admin who is signed out", async () => {
  const body = { targetUserId: crypto.randomUUID(), newEmail: uniqueEmail() };
  assertEquals(outcome(await update(undefined, body)), [401, "unauthorized"]);
  const disabled = await createPerson({ role: "admin" });
  await disable(disabled);
  assertEquals(outcome(await update(disabled.token, body)), [
    403,
    "account_disabled",
  ]);
  const gone = await createPerson({ role: "admin" });
  await gone.client.auth.signOut();
  assertEquals(outcome(await update(gone.token, body)), [401, "unauthorized"]);
});

Deno.test("an admin reads the audit log, a user does not, and nobody writes it", async () => {
  const admin = await createPerson({ role: "admin" });
  const person = await createPerson();
  await update(admin.token, { targetUserId: person.id, newPassword: PASSWORD });
  const read = (client: typeof admin.client) =>
    client.from("admin_audit_logs").select("action")
      .eq("target_user_id", person.id);
  assertEquals(must(await read(admin.client)).length, 2);
  assertEquals(must(await read(person.client)), []);
  for (const client of [admin.client, secretClient()]) {
    // drift-ignore not-granted: the refusal is what is tested
    const { error } = await client.from("admin_audit_logs").insert({
      action: "forged",
    });
    assertEquals(error?.code, "42501");
  }
});

postgresTest(
  "two admins who give two people the same address at once: one is told that it is in use",
  async () => {
    const admins = [
      await createPerson({ role: "admin" }),
      await createPerson({ role: "admin" }),
    ];
    for (let round = 0; round < 5; round++) {
      const newEmail = uniqueEmail();
      const answers = await Promise.all(admins.map(async ({ token }) => {
        const { id } = await createPerson();
        return await update(token, { targetUserId: id, newEmail });
      }));
      assertEquals(answers.map(outcome).sort(), [
        [200, undefined],
        [409, "email_in_use"],
      ]);
    }
  },
);
