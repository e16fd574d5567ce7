import { assertEquals } from "@std/assert";
import { givenMember, givenOrganization } from "../support/organizations.ts";
import { parallel } from "../support/parallel.ts";
import { createPerson } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { postgresTest } from "../support/sql.ts";
import { api, secretClient } from "../support/stack.ts";

const db = secretClient();

Deno.test("check-org-seat-limits tells whom seats run out, and not again", async () => {
  const organization = await givenOrganization({ tier: { max_members: 1 } });
  const admin = await givenMember(organization, "org_admin");

  const first = await post({ apikey: api.secretKey });
  assertEquals(first.status, 200);
  assertEquals(Object.keys(first.answer).sort(), [
    "alerts",
    "alertsSent",
    "errors",
    "success",
  ]);
  assertEquals(of(organization.id, first.answer.errors), []);
  assertEquals(first.answer.alertsSent, first.answer.alerts.length);
  assertEquals(of(organization.id, first.answer.alerts), [{
    organizationId: organization.id,
    organizationName: organization.name,
    type: "org_seat_limit_reached",
    seatKind: "member",
    usedSeats: 1,
    maxSeats: 1,
    percentUsed: 100,
    adminsTold: 1,
  }]);
  const mails = must(
    await db.from("email_queue").select("template_key, template_data")
      .eq("recipient_email", admin.email),
  );
  assertEquals(mails.map((mail) => mail.template_key), ["notification"]);

  const second = await post({ apikey: api.secretKey });
  assertEquals(of(organization.id, second.answer.alerts), []);
  const notifications = must(
    await admin.client.from("notifications").select("title"),
  );
  assertEquals(notifications, [{
    title: `${organization.name} has no seats left`,
  }]);
});

Deno.test("check-org-seat-limits refuses everybody without the secret key", async () => {
  const admin = await createPerson({ role: "admin" });
  const cases: Record<string, string>[] = [
    {},
    { apikey: api.publishableKey },
    {
      apikey: api.publishableKey,
      Authorization: `Bearer ${admin.token}`,
    },
    { apikey: `${api.secretKey}x` },
  ];
  for (const headers of cases) {
    const { status, answer } = await post(headers);
    assertEquals([status, answer.code], [401, "unauthorized"]);
  }
  // drift-ignore not-granted: the refusal is what is tested
  const { error } = await admin.client.rpc("check_org_seat_limits", {});
  assertEquals(error?.code, "42501");
});

postgresTest(
  "five checks at once tell of an organisation once",
  async () => {
    const organization = await givenOrganization({ tier: { max_members: 1 } });
    await givenMember(organization, "org_admin");
    const answers = await parallel(5, () => post({ apikey: api.secretKey }));
    const alerts = answers.flatMap(({ answer }) => answer.alerts);
    assertEquals(of(organization.id, alerts).length, 1);
  },
);

postgresTest("pg_cron checks daily", async (sql) => {
  const jobs = await sql`
    select schedule, command from cron.job where jobname = 'org-seat-limits'`;
  assertEquals([...jobs], [{
    schedule: "0 6 * * *",
    command: "select public.check_org_seat_limits()",
  }]);
});

async function post(headers: Record<string, string>) {
  const response = await fetch(
    `${api.url}/functions/v1/check-org-seat-limits`,
    {
      method: "POST",
      headers,
    },
  );
  return { status: response.status, answer: await response.json() };
}

function of(id: string, alerts: { organizationId: string }[]) {
  return alerts.filter((alert) => alert.organizationId === id);
}
