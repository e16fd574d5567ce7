import { assertEquals } from "@std/assert";
import { givenMember, givenOrganization } from "../support/organizations.ts";
import { createPerson } from "../support/people.ts";
import { givenEnrolment, must, unique } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();

async function linesBy(actor: { id: string }) {
  return must(
    await db.from("admin_audit_logs")
      .select("action, target_user_id, details").eq("actor_id", actor.id)
      .order("created_at"),
  );
}

Deno.test("what an admin writes leaves who, what, which row and which columns, and no text", async () => {
  const admin = await createPerson({ role: "admin" });
  const person = await createPerson();
  const role = must(
    await admin.client.from("user_roles")
      .insert({ user_id: person.id, role: "coach" }).select().single(),
  );
  must(
    await admin.client.from("user_roles").update({ role: "instructor" })
      .eq("id", role.id).select().single(),
  );
  const key = unique("setting");
  const setting = must(
    await admin.client.from("system_settings")
      .insert({ key, value: "a secret" }).select().single(),
  );
  const batch = must(
    await admin.client.rpc("grant_credit_batch", {
      p_owner_type: "user",
      p_owner_id: person.id,
      p_amount: 20,
      p_expires_at: "2031-01-01T00:00:00Z",
      p_source_type: "admin_grant",
      p_description: "For Ana",
    }),
  );
  const lines = await linesBy(admin);
  assertEquals(
    lines.map(({ action, target_user_id }) => [action, target_user_id]),
    [
      ["user_roles.insert", person.id],
      ["user_roles.update", person.id],
      ["system_settings.insert", null],
      ["credit_batches.insert", person.id],
      ["credits.grant", person.id],
    ],
  );
  assertEquals(lines[1]?.details, {
    outcome: "done",
    table: "user_roles",
    key: role.id,
    changed: { role: { old: "coach", new: "instructor" } },
  });
  assertEquals(lines[2]?.details, {
    outcome: "done",
    table: "system_settings",
    key: setting.id,
    changed: { id: { new: setting.id }, key: {}, value: {} },
  });
  assertEquals(Object(lines[4]?.details).reason, "For Ana");
  const text = JSON.stringify(lines.slice(0, 4));
  assertEquals(text.includes("secret") || text.includes("Ana"), false);
  assertEquals(text.includes(String(batch)), true);
});

Deno.test("who writes roles, codes, plans and settings without being a person leaves the role", async () => {
  const [person, key] = [await createPerson(), unique("setting")];
  must(
    await db.from("user_roles").insert({ user_id: person.id, role: "coach" })
      .select().single(),
  );
  const setting = must(
    await db.from("system_settings").insert({ key, value: "1" }).select()
      .single(),
  );
  const lines = must(
    await db.from("admin_audit_logs").select("action, actor_id, details")
      .or(
        `target_user_id.eq.${person.id},details->>key.eq.${setting.id}`,
      )
      .order("created_at"),
  );
  assertEquals(
    lines.map(({ action, actor_id, details }) => [
      action,
      actor_id,
      Object(details).role,
    ]),
    [
      ["user_roles.insert", null, "service_role"],
      ["system_settings.insert", null, "service_role"],
    ],
  );
});

Deno.test("an organization's admin leaves a trace of roles; clients leave none", async () => {
  const organization = await givenOrganization();
  const orgAdmin = await givenMember(organization, "org_admin");
  const member = await givenMember(organization);
  must(
    await orgAdmin.client.from("organization_members")
      .update({ role: "org_manager" }).eq("user_id", member.id).select()
      .single(),
  );
  assertEquals((await linesBy(orgAdmin)).map(({ action }) => action), [
    "organization_members.update",
  ]);
  const own = await givenEnrolment({ client: member });
  must(
    await member.client.from("client_enrollments").update({ is_public: true })
      .eq("id", own.id).select().single(),
  );
  assertEquals(await linesBy(member), []);
});

Deno.test("nobody writes the audit log, and a refused write leaves nothing in it", async () => {
  const [admin, person] = [
    await createPerson({ role: "admin" }),
    await createPerson(),
  ];
  for (const { client, id } of [admin, person]) {
    // drift-ignore not-granted: the refusal is what is tested
    const { error } = await client.from("admin_audit_logs")
      .insert({ actor_id: id, action: "user_roles.insert" });
    assertEquals(error?.code, "42501");
  }
  const { error } = await person.client.from("user_roles")
    .insert({ user_id: person.id, role: "admin" });
  assertEquals(error?.code, "42501");
  assertEquals(await linesBy(person), []);
  const seen = await person.client.from("admin_audit_logs").select("id");
  assertEquals(must(seen), []);
});
