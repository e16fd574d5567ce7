import { assertEquals } from "@std/assert";
import {
  auditOf,
  givenLink,
  hashOf,
  mailKeysTo,
  outcome,
  post,
  profileOf,
} from "../support/identity.ts";
import {
  createPerson,
  disable,
  uniqueEmail,
  updateUser,
} from "../support/people.ts";
import { must } from "../support/rows.ts";
import { postgresTest } from "../support/sql.ts";
import { anonClient, secretClient } from "../support/stack.ts";

const verify = (token: unknown) => post("verify-email-change", { token });

async function emailOf(id: string): Promise<string | undefined> {
  const { data } = await secretClient().auth.admin.getUserById(id);
  return data.user?.email;
}

Deno.test("verify-email-change gives the account its new address, confirmed, everywhere it stands", async () => {
  const person = await createPerson();
  const newEmail = uniqueEmail();
  const token = await givenLink({ person, newEmail });
  const answer = await verify(token);
  assertEquals([answer.status, answer.body], [200, {
    success: true,
    message: "Email address verified",
    new_email: newEmail,
  }]);

  const { data } = await secretClient().auth.admin.getUserById(person.id);
  assertEquals(data.user?.email, newEmail);
  assertEquals(typeof data.user?.email_confirmed_at, "string");
  assertEquals(await profileOf(person.id), {
    email: newEmail,
    username: newEmail,
    is_disabled: false,
  });
  assertEquals(await mailKeysTo(person.email), ["email_changed"]);
  assertEquals(await mailKeysTo(newEmail), []);
  const audit = await auditOf(person.id);
  assertEquals(audit.map(({ act, actor_id }) => [act, actor_id]), [
    ["email_changed done", person.id],
  ]);
  const signIn = await anonClient().auth.signInWithPassword({
    email: newEmail,
    password: person.password,
  });
  assertEquals(signIn.error, null);
});

Deno.test("verify-email-change leaves a username of one's own alone", async () => {
  const person = await createPerson();
  const username = `ana_${crypto.randomUUID().slice(0, 8)}`;
  must(
    await secretClient().from("profiles").update({ username })
      .eq("id", person.id).select("id"),
  );
  const newEmail = uniqueEmail();
  await verify(await givenLink({ person, newEmail }));
  const { email, username: kept } = await profileOf(person.id);
  assertEquals([email, kept], [newEmail, username]);
});

Deno.test("verify-email-change refuses a link that was used, has expired, or never was", async () => {
  const person = await createPerson();
  const used = await givenLink({ person, newEmail: uniqueEmail() });
  await verify(used);
  assertEquals(outcome(await verify(used)), [409, "already_verified"]);

  const other = await createPerson();
  const expired = await givenLink({
    person: other,
    newEmail: uniqueEmail(),
    expires_at: new Date(Date.now() - 1_000).toISOString(),
  });
  assertEquals(outcome(await verify(expired)), [410, "token_expired"]);
  assertEquals(outcome(await verify(crypto.randomUUID())), [
    400,
    "invalid_token",
  ]);
  assertEquals(await emailOf(other.id), other.email);
});

Deno.test("verify-email-change asks for a token, of a sane length", async () => {
  for (const token of [undefined, "", 42, "x".repeat(201)]) {
    assertEquals(outcome(await verify(token)), [400, "invalid_request"]);
  }
  const missing = await post("verify-email-change", {});
  assertEquals(missing.body.error, "token: Verification token is required");
});

Deno.test("the stored hash of a token is no token", async () => {
  const person = await createPerson();
  const token = await givenLink({ person, newEmail: uniqueEmail() });
  const hash = await hashOf(token);
  for (const guess of [hash, hash.toUpperCase()]) {
    assertEquals(outcome(await verify(guess)), [400, "invalid_token"]);
  }
  assertEquals(await emailOf(person.id), person.email);
});

Deno.test("verify-email-change refuses when the account's address is another one by now", async () => {
  const person = await createPerson();
  const token = await givenLink({ person, newEmail: uniqueEmail() });
  const third = uniqueEmail();
  await updateUser(person.id, { email: third, email_confirm: true });
  assertEquals(outcome(await verify(token)), [409, "address_changed"]);
  assertEquals(await emailOf(person.id), third);
});

Deno.test("verify-email-change refuses an address in use, and goes through once it is free", async () => {
  const person = await createPerson();
  const holder = await createPerson();
  const token = await givenLink({ person, newEmail: holder.email });
  for (let n = 0; n < 2; n++) {
    assertEquals(outcome(await verify(token)), [409, "email_in_use"]);
  }
  await updateUser(holder.id, { email: uniqueEmail(), email_confirm: true });
  assertEquals((await verify(token)).status, 200);
});

Deno.test("verify-email-change does nothing for a disabled user", async () => {
  const person = await createPerson();
  const token = await givenLink({ person, newEmail: uniqueEmail() });
  await disable(person);
  assertEquals(outcome(await verify(token)), [403, "account_disabled"]);
});

Deno.test("verify-email-change signs out every other device", async () => {
  const person = await createPerson();
  await verify(await givenLink({ person, newEmail: uniqueEmail() }));
  const { error } = await person.client.auth.refreshSession();
  assertEquals(error?.status, 400);
});

Deno.test("a use of the link that broke off before Auth is finished by the next", async () => {
  const person = await createPerson();
  const newEmail = uniqueEmail();
  const token = await givenLink({ person, newEmail });
  const earlier = new Date(Date.now() - 61_000).toISOString();
  must(
    await secretClient().rpc("claim_email_change", {
      p_token: token,
      p_now: earlier,
    }),
  );
  assertEquals((await verify(token)).status, 200);
  assertEquals(await emailOf(person.id), newEmail);
});

Deno.test("a use of the link that broke off after Auth is finished by the next, even past its hour", async () => {
  const person = await createPerson();
  const newEmail = uniqueEmail();
  const token = await givenLink({
    person,
    newEmail,
    expires_at: new Date(Date.now() - 30_000).toISOString(),
  });
  const earlier = new Date(Date.now() - 61_000).toISOString();
  must(
    await secretClient().rpc("claim_email_change", {
      p_token: token,
      p_now: earlier,
    }),
  );
  await updateUser(person.id, { email: newEmail, email_confirm: true });

  assertEquals((await verify(token)).status, 200);
  assertEquals(await mailKeysTo(person.email), ["email_changed"]);
  assertEquals(outcome(await verify(token)), [409, "already_verified"]);
});

postgresTest(
  "two parallel uses of one email-change token: one wins",
  async (sql) => {
    for (let round = 0; round < 10; round++) {
      const person = await createPerson();
      const newEmail = uniqueEmail();
      const token = await givenLink({ person, newEmail });
      const answers = await Promise.all([verify(token), verify(token)]);
      const [won, lost] = answers.sort((a, b) => a.status - b.status)
        .map(outcome);
      assertEquals(won, [200, undefined]);
      assertEquals(lost?.[0], 409);
      assertEquals(
        ["already_verified", "verification_under_way"].includes(
          String(lost?.[1]),
        ),
        true,
      );
      assertEquals(await mailKeysTo(person.email), ["email_changed"]);
      const [row] = await sql`
        select count(*)::int as lines from public.admin_audit_logs
        where target_user_id = ${person.id}`;
      assertEquals(row?.lines, 1);
    }
  },
);

postgresTest(
  "two users who confirm the same free address at once: one gets it, the other is told",
  async () => {
    for (let round = 0; round < 10; round++) {
      const people = [await createPerson(), await createPerson()];
      const newEmail = uniqueEmail();
      const tokens = await Promise.all(
        people.map((person) => givenLink({ person, newEmail })),
      );
      const answers = await Promise.all(tokens.map(verify));
      assertEquals(answers.map(outcome).sort(), [
        [200, undefined],
        [409, "email_in_use"],
      ]);
      const emails = await Promise.all(people.map(({ id }) => emailOf(id)));
      assertEquals(emails.filter((email) => email === newEmail).length, 1);
    }
  },
);

postgresTest(
  "the device on which a change was asked for stays signed in, others do not",
  async (sql) => {
    const person = await createPerson();
    const other = anonClient();
    await other.auth.signInWithPassword(person);
    const newEmail = uniqueEmail();
    await post("request-email-change", { newEmail }, person.token);
    const [mail] = await sql`
      select s.data ->> 'link' as link from private.email_secrets s
      join public.email_queue q on q.id = s.email_id where q.recipient_email = ${newEmail}`;
    const token = new URL(mail?.link).searchParams.get("token");
    assertEquals((await verify(token)).status, 200);

    assertEquals((await person.client.auth.refreshSession()).error, null);
    assertEquals((await other.auth.refreshSession()).error?.status, 400);
  },
);
