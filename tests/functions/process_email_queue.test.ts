import { assertEquals } from "@std/assert";
import { createPerson, disable } from "../support/people.ts";
import { must, only } from "../support/rows.ts";
import { startResend } from "../support/resend.ts";
import { sqlTest } from "../support/sql.ts";
import { api, secretClient } from "../support/stack.ts";
import {
  aDayOfItsOwn,
  givenMail,
  givenTemplate,
  mailOf,
  minutesAfter,
  processAt,
  runAt,
} from "./process_email_queue_mails.ts";

const db = secretClient();
const NOTHING = { sent: 0, retried: 0, dead: 0, released: 0 };

Deno.test("process-email-queue sends what is due, and nothing of it again", async () => {
  await using resend = startResend();
  const day = aDayOfItsOwn();
  const mail = await givenMail(day);
  const later = await givenMail(minutesAfter(day, 10));
  assertEquals(await runAt(day), {
    success: true,
    claimed: 1,
    ...NOTHING,
    sent: 1,
  });
  const { id: provider_id, ...delivered } = only(resend.delivered);
  assertEquals(delivered, {
    from: "InnoTrue Hub <noreply@innotrue.com>",
    to: [`"Ana Pop" <${mail.recipient_email}>`],
    subject: "Hello",
    html: '<p>Hello Ana Pop,</p><p>World</p><p><a href="' +
      `${Deno.env.get("SITE_URL") ?? "https://app.innotrue.com"}` +
      '">Open InnoTrue Hub</a></p>',
  });
  const row = await mailOf(mail);
  assertEquals(
    [row.status, row.attempts, row.provider_id, row.error_message],
    ["sent", 1, provider_id, null],
  );
  assertEquals((await mailOf(later)).status, "pending");
  assertEquals(await runAt(day), { success: true, claimed: 0, ...NOTHING });
  await runAt(minutesAfter(day, 10));
  assertEquals(resend.delivered.length, 2);
});

Deno.test("process-email-queue escapes values in the body, keeps the subject on one line, and reports what a template lacked", async () => {
  await using resend = startResend();
  const day = aDayOfItsOwn();
  const mail = await givenMail(day, {
    recipient_name: 'Eve"\r\nBcc: all@example.com <x>',
    template_key: await givenTemplate(
      "For {{ who }} $& {{nobody}}",
      '<b title="{{who}}">{{who}}</b> {{currentYear}} {{nobody}}',
    ),
    template_data: { who: `<script>"'&\r\nX: y` },
  });
  await runAt(day);
  const { to, subject, html } = only(resend.delivered);
  assertEquals(to, [
    `"Eve   Bcc: all@example.com  x" <${mail.recipient_email}>`,
  ]);
  assertEquals(subject, `For <script>"'& X: y $& `);
  const escaped = "&lt;script&gt;&quot;&#39;&amp;\r\nX: y";
  assertEquals(
    html,
    `<b title="${escaped}">${escaped}</b> ${day.getUTCFullYear()} `,
  );
  assertEquals((await mailOf(mail)).error_message, "without nobody");
});

Deno.test("process-email-queue tries again after 1, 5, 30 and 120 minutes, then gives up with the reason", async () => {
  await using resend = startResend();
  const day = aDayOfItsOwn();
  const mail = await givenMail(day);
  let now = day;
  for (const pause of [1, 5, 30, 120]) {
    resend.faults.push({ status: 500 });
    assertEquals(await runAt(now), {
      success: true,
      claimed: 1,
      ...NOTHING,
      retried: 1,
    });
    const tooEarly = minutesAfter(now, pause - 0.1);
    assertEquals(await runAt(tooEarly), {
      success: true,
      claimed: 0,
      ...NOTHING,
    });
    now = minutesAfter(now, pause);
  }
  resend.faults.push({ status: 503 });
  await runAt(now);
  const row = await mailOf(mail);
  assertEquals([row.status, row.attempts, row.error_message], [
    "dead",
    5,
    "503 application_error",
  ]);
  await runAt(minutesAfter(now, 10_000));
  assertEquals(resend.delivered, []);
});

Deno.test("process-email-queue sends nothing twice when the answer of the provider is lost", async () => {
  await using resend = startResend();
  const day = aDayOfItsOwn();
  const template = await givenTemplate("Subject", "<p>Body</p>");
  const [lost, edited] = [
    await givenMail(day),
    await givenMail(day, { template_key: template }),
  ];
  resend.faults.push({ status: 502, taken: true }, {
    status: 502,
    taken: true,
  });
  await runAt(day);
  must(
    await db.from("email_templates").update({ html_content: "<p>New</p>" })
      .eq("template_key", template).select(),
  );
  await runAt(minutesAfter(day, 1));
  assertEquals(resend.delivered.length, 2);
  for (const mail of [lost, edited]) {
    assertEquals((await mailOf(mail)).status, "sent");
  }
});

Deno.test("process-email-queue leaves the mails of a run that died to the next one", async () => {
  await using resend = startResend();
  const day = aDayOfItsOwn();
  const mail = await givenMail(day);
  must(
    await db.rpc("claim_emails", { p_limit: 1, p_now: day.toISOString() }),
  );
  assertEquals(await runAt(minutesAfter(day, 4)), {
    success: true,
    claimed: 0,
    ...NOTHING,
  });
  await runAt(minutesAfter(day, 5));
  assertEquals(resend.delivered.length, 1);
  assertEquals((await mailOf(mail)).attempts, 2);
});

Deno.test("process-email-queue gives up at once what the provider will never take", async () => {
  await using resend = startResend();
  const day = aDayOfItsOwn();
  const bad = await givenMail(day, { recipient_email: "no address" });
  const unknown = await givenMail(day, { template_key: "nowhere" });
  const good = await givenMail(day);
  assertEquals(await runAt(day), {
    success: true,
    claimed: 2,
    ...NOTHING,
    sent: 1,
    dead: 1,
  });
  assertEquals((await mailOf(bad)).error_message, "422 validation_error");
  assertEquals((await mailOf(unknown)).error_message, "no template nowhere");
  assertEquals((await mailOf(good)).status, "sent");
  assertEquals(resend.delivered.length, 1);
});

Deno.test("process-email-queue lets all mails wait when the provider asks for it, and counts no attempt", async () => {
  await using resend = startResend();
  const day = aDayOfItsOwn();
  const mails = [await givenMail(day), await givenMail(day)];
  resend.faults.push({
    status: 429,
    name: "rate_limit_exceeded",
    retryAfter: 90,
  });
  assertEquals(await runAt(day), {
    success: true,
    claimed: 2,
    ...NOTHING,
    released: 2,
  });
  await runAt(minutesAfter(day, 1.4));
  assertEquals(resend.delivered.length, 0);
  await runAt(minutesAfter(day, 1.5));
  assertEquals(resend.delivered.length, 2);
  for (const mail of mails) assertEquals((await mailOf(mail)).attempts, 1);
});

Deno.test("process-email-queue answers 503 when the provider refuses the key, and loses no mail", async () => {
  await using resend = startResend();
  const day = aDayOfItsOwn();
  const mail = await givenMail(day);
  Deno.env.set("RESEND_API_KEY", "re_revoked");
  const response = await processAt(day);
  assertEquals(
    [response.status, (await response.json()).code],
    [503, "mail_provider_refused"],
  );
  const row = await mailOf(mail);
  assertEquals([row.status, row.attempts, row.error_message], [
    "pending",
    0,
    "401 missing_api_key",
  ]);
  Deno.env.set("RESEND_API_KEY", "re_test");
  await runAt(minutesAfter(day, 5));
  assertEquals(resend.delivered.length, 1);
});

Deno.test("process-email-queue sends nothing to who was disabled since, whether the mail knows its user or not", async () => {
  await using resend = startResend();
  const day = aDayOfItsOwn();
  const person = await createPerson();
  const inactive = await createPerson();
  const mails = [
    await givenMail(day, { recipient_email: person.email.toUpperCase() }),
    await givenMail(day, { user_id: person.id }),
    await givenMail(day, { recipient_email: inactive.email }),
  ];
  await disable(person);
  must(
    await db.from("client_profiles").upsert({
      user_id: inactive.id,
      status: "inactive",
    }, { onConflict: "user_id" }).select(),
  );
  assertEquals(await runAt(day), { success: true, claimed: 0, ...NOTHING });
  assertEquals(resend.delivered, []);
  for (const mail of mails) {
    assertEquals((await mailOf(mail)).status, "suppressed");
  }
});

Deno.test("process-email-queue sends everything to one address outside production", async () => {
  await using resend = startResend();
  const day = aDayOfItsOwn();
  const mail = await givenMail(day);
  Deno.env.set("APP_ENV", "staging");
  Deno.env.set("STAGING_EMAIL_OVERRIDE", "team@example.com");
  try {
    await runAt(day);
  } finally {
    Deno.env.delete("APP_ENV");
    Deno.env.delete("STAGING_EMAIL_OVERRIDE");
  }
  const { to, subject } = only(resend.delivered);
  assertEquals(to, ["team@example.com"]);
  assertEquals(subject, `[STAGING → ${mail.recipient_email}] Hello`);
});

sqlTest(
  "a link that is a credential is in the mail, never in the queue, and gone once the mail is sent",
  async (sql) => {
    const [queued] = await sql.query(`
      select private.queue_mail(
        'someone@example.com', null, 'notification', '{"title":"T"}',
        p_secrets => '{"link":"https://x/t"}', p_scheduled_for => '1800-01-01'
      ) as id`);
    const claim = () =>
      sql.query("select * from public.claim_emails(p_now => '1800-01-02')");
    const [claimed] = await claim();
    assertEquals(claimed?.data, { title: "T", link: "https://x/t" });
    const [row] = await sql.query(
      "select template_data from public.email_queue where id = $1",
      [queued?.id],
    );
    assertEquals(row?.template_data, { title: "T" });
    await sql.query(
      "select public.settle_emails(jsonb_build_array(jsonb_build_object('id', $1::uuid, 'outcome', 'sent')))",
      [queued?.id],
    );
    const left = await sql.query(
      "select from private.email_secrets where email_id = $1",
      [queued?.id],
    );
    assertEquals(left, []);
  },
);

Deno.test("process-email-queue is closed to whoever lacks the secret key", async () => {
  for (const apikey of ["", "sb_secret_forged", api.publishableKey]) {
    const response = await fetch(
      `${api.url}/functions/v1/process-email-queue`,
      { method: "POST", headers: { apikey } },
    );
    assertEquals(
      [response.status, (await response.json()).code],
      [401, "unauthorized"],
    );
  }
});
