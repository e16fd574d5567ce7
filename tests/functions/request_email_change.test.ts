import { assert, assertEquals } from "@std/assert";
import {
  givenLink,
  mailKeysTo,
  mailsTo,
  outcome,
  post,
} from "../support/identity.ts";
import { createPerson, disable, uniqueEmail } from "../support/people.ts";
import { must, only } from "../support/rows.ts";
import { postgresTest } from "../support/sql.ts";
import { secretClient } from "../support/stack.ts";

const ask = (token: string | undefined, body: unknown) =>
  post("request-email-change", body, token);

Deno.test("request-email-change sends the link to the new address and a notice to the old one, and changes nothing", async () => {
  const person = await createPerson();
  const newEmail = uniqueEmail();
  const answer = await ask(person.token, {
    newEmail: ` ${newEmail.toUpperCase()} `,
    currentPassword: person.password,
  });
  assertEquals(answer.status, 200);
  assertEquals(answer.body.success, true);
  assertEquals(answer.body.new_email, newEmail);
  const left = Date.parse(String(answer.body.expires_at)) - Date.now();
  assert(left > 3_500_000 && left <= 3_600_000, String(left));

  const confirm = only(await mailsTo(newEmail));
  assertEquals(confirm.template_key, "email_change_confirm");
  assert(
    !JSON.stringify(confirm).includes("token"),
    "the link is a credential",
  );
  const notice = only(await mailsTo(person.email));
  assertEquals(notice.template_key, "email_change_notice");
  assertEquals(notice.user_id, person.id);

  const { data } = await person.client.auth.getUser();
  assertEquals(data.user?.email, person.email);
});

Deno.test("request-email-change shows the open request to its owner alone, and the token to nobody", async () => {
  const person = await createPerson();
  const other = await createPerson();
  const newEmail = uniqueEmail();
  await ask(person.token, { newEmail });
  const open = only(must(
    await person.client.from("email_change_requests_safe").select(),
  ));
  assertEquals([open.user_id, open.old_email, open.new_email], [
    person.id,
    person.email,
    newEmail,
  ]);
  assert(!("verification_token" in open));
  assertEquals(
    must(await other.client.from("email_change_requests_safe").select()),
    [],
  );
  const peeked = await person.client.from("email_change_requests")
    // drift-ignore not-granted: the refusal is what is tested
    .select("verification_token");
  assertEquals(peeked.error?.code, "42501");

  // who has changed the mind takes it back
  must(
    await person.client.from("email_change_requests").delete()
      .eq("user_id", person.id).select("id"),
  );
  assertEquals(
    must(await person.client.from("email_change_requests_safe").select()),
    [],
  );
});

Deno.test("a browser can no longer write a change of address itself", async () => {
  const { client, id, email } = await createPerson();
  const row = {
    user_id: id,
    old_email: email,
    new_email: uniqueEmail(),
    verification_token: crypto.randomUUID(),
    expires_at: "2999-01-01T00:00:00Z",
  };
  // drift-ignore not-granted: the refusal is what is tested
  const { error } = await client.from("email_change_requests").insert(row);
  assertEquals(error?.code, "42501");
  const now = new Date().toISOString();
  const calls = [
    // drift-ignore not-granted: the refusal is what is tested
    client.rpc("request_email_change", {
      p_user_id: id,
      p_session_id: id,
      p_new_email: row.new_email,
      p_password_given: true,
      p_link: "https://example.com/",
    }),
    // drift-ignore not-granted: the refusal is what is tested
    client.rpc("claim_email_change", { p_token: "token", p_now: now }),
    // drift-ignore not-granted: the refusal is what is tested
    client.rpc("record_auth_email", {
      p_user_id: id,
      p_actor_id: id,
      p_old_email: email,
    }),
  ];
  for (const { error } of await Promise.all(calls)) {
    assertEquals(error?.code, "42501");
  }
});

Deno.test("request-email-change keeps one open request a user: the newest", async () => {
  const person = await createPerson();
  const [first, second] = [uniqueEmail(), uniqueEmail()];
  await ask(person.token, { newEmail: first });
  await ask(person.token, { newEmail: second });
  const rows = must(
    await secretClient().from("email_change_requests").select("new_email")
      .eq("user_id", person.id),
  );
  assertEquals(rows, [{ new_email: second }]);
});

Deno.test("request-email-change takes 3 an hour, and says when the next may come", async () => {
  const person = await createPerson();
  for (let n = 0; n < 3; n++) {
    const answer = await ask(person.token, { newEmail: uniqueEmail() });
    assertEquals(answer.status, 200);
  }
  const newEmail = uniqueEmail();
  const answer = await ask(person.token, { newEmail });
  assertEquals(outcome(answer), [429, "rate_limited"]);
  const wait = Number(answer.headers.get("Retry-After"));
  assert(wait > 3_500 && wait <= 3_600, String(wait));
  assertEquals(await mailKeysTo(newEmail), []);
});

Deno.test("request-email-change refuses a wrong password, and the sixth try unseen", async () => {
  const person = await createPerson();
  const tryIt = (currentPassword: string) =>
    ask(person.token, { newEmail: uniqueEmail(), currentPassword });
  for (let n = 0; n < 5; n++) {
    assertEquals(outcome(await tryIt("wrong")), [403, "wrong_password"]);
  }
  const sixth = await tryIt(person.password);
  assertEquals(outcome(sixth), [429, "rate_limited"]);
  assert(Number(sixth.headers.get("Retry-After")) > 0);
  assertEquals(await mailKeysTo(person.email), []);
});

Deno.test("request-email-change refuses an address in use, the own one, and what is none", async () => {
  const person = await createPerson();
  const other = await createPerson();
  const refused = async (newEmail: unknown) =>
    outcome(await ask(person.token, { newEmail }));
  assertEquals(await refused(other.email.toUpperCase()), [409, "email_in_use"]);
  assertEquals(await refused(person.email), [422, "same_email"]);
  assertEquals(await refused("nobody"), [400, "invalid_request"]);
  assertEquals(await refused(`${"x".repeat(250)}@example.com`), [
    400,
    "invalid_request",
  ]);
  assertEquals(await refused(undefined), [400, "invalid_request"]);
});

Deno.test("request-email-change refuses visitors, the disabled and the signed out, whose tokens live on", async () => {
  const newEmail = uniqueEmail();
  assertEquals(outcome(await ask(undefined, { newEmail })), [
    401,
    "unauthorized",
  ]);

  const disabled = await createPerson();
  await disable(disabled);
  assertEquals(outcome(await ask(disabled.token, { newEmail })), [
    403,
    "account_disabled",
  ]);

  const gone = await createPerson();
  await gone.client.auth.signOut();
  for (
    const body of [{ newEmail }, { newEmail, currentPassword: gone.password }]
  ) {
    assertEquals(outcome(await ask(gone.token, body)), [401, "unauthorized"]);
  }
  assertEquals(await mailKeysTo(newEmail), []);
});

Deno.test("request-email-change leaves a change that is just being confirmed alone", async () => {
  const person = await createPerson();
  const token = await givenLink({ person, newEmail: uniqueEmail() });
  must(await secretClient().rpc("claim_email_change", { p_token: token }));
  const answer = await ask(person.token, { newEmail: uniqueEmail() });
  assertEquals(outcome(answer), [409, "verification_under_way"]);
  assertEquals(answer.headers.get("Retry-After"), "60");
});

postgresTest(
  "request-email-change wants the password when the sign-in is more than 10 minutes old",
  async (sql) => {
    const person = await createPerson();
    await sql`update auth.sessions set created_at = now() - interval '11 minutes'
      where user_id = ${person.id}`;
    const newEmail = uniqueEmail();
    assertEquals(outcome(await ask(person.token, { newEmail })), [
      403,
      "reauthentication_required",
    ]);
    const answer = await ask(person.token, {
      newEmail,
      currentPassword: person.password,
    });
    assertEquals(answer.status, 200);
    const [row] = await sql`select count(*)::int as sessions from auth.sessions
      where user_id = ${person.id}`;
    assertEquals(
      row?.sessions,
      1,
      "trying a password leaves no session behind",
    );
  },
);

postgresTest(
  "20 parallel requests of one user: 3 are taken, one is open, and its link is in no table that admins read",
  async (sql) => {
    const person = await createPerson();
    const answers = await Promise.all(
      Array.from(
        { length: 20 },
        () => ask(person.token, { newEmail: uniqueEmail() }),
      ),
    );
    const taken = answers.filter(({ status }) => status === 200);
    assertEquals(taken.length, 3);
    assert(answers.every(({ status }) => status === 200 || status === 429));
    const rows = await sql`select new_email, verification_token
      from public.email_change_requests where user_id = ${person.id}`;
    assertEquals(rows.length, 1);

    const [mail] = await sql`
      select s.data ->> 'link' as link, q.template_data::text as data
      from public.email_queue q join private.email_secrets s on s.email_id = q.id
      where q.recipient_email = ${rows[0]?.new_email}`;
    const token = new URL(mail?.link).searchParams.get("token") ?? "";
    assert(/^[\w-]{43}$/.test(token), token);
    assert(
      !mail?.data.includes(token) &&
        !rows[0]?.verification_token.includes(token),
    );

    const verified = await post("verify-email-change", { token });
    assertEquals(verified.body.new_email, rows[0]?.new_email);
  },
);
