import { assertEquals } from "@std/assert";
import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import {
  givenMember,
  givenOrganization,
  membershipOf,
} from "../support/organizations.ts";
import { createPerson } from "../support/people.ts";
import { must, type Someone } from "../support/rows.ts";
import { type Client, secretClient } from "../support/stack.ts";

type Values = Database["public"]["Tables"]["organization_members"]["Update"];

const db = secretClient();

Deno.test("a manager makes nobody an admin, and touches none", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");
  await givenMember(organization, "org_admin"); // so that none is the last
  const manager = await givenMember(organization, "org_manager");
  const member = await givenMember(organization);

  for (const person of [manager, member]) {
    assertEquals(
      await update(manager.client, person, { role: "org_admin" }),
      "42501",
    );
  }
  for (
    const values of [{ role: "org_member" }, { is_active: false }] as const
  ) {
    assertEquals(await update(manager.client, admin, values), "no row");
  }
  assertEquals(await remove(manager.client, admin), "no row");

  assertEquals(
    await update(manager.client, member, { role: "org_manager" }),
    "done",
  );
  assertEquals(
    await update(manager.client, member, { title: "Lead" }),
    "42501",
  );
  assertEquals(await remove(manager.client, member), "no row");
});

Deno.test("an admin changes roles and switches people off, of the own organisation, and deletes nobody", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");
  const member = await givenMember(organization);
  assertEquals(
    await update(admin.client, member, { role: "org_admin" }),
    "done",
  );
  assertEquals(
    await update(admin.client, member, { is_active: false }),
    "done",
  );
  assertEquals(await remove(admin.client, member), "no row");
  const platform = await createPerson({ role: "admin" });
  assertEquals(await remove(platform.client, member), "done");

  const elsewhere = await givenMember(await givenOrganization());
  assertEquals(
    await update(admin.client, elsewhere, { role: "org_admin" }),
    "no row",
  );
});

Deno.test("nobody but the platform pulls somebody back who left", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");
  const manager = await givenMember(organization, "org_manager");
  const former = await givenMember(organization, "org_member", {
    is_active: false,
  });
  for (const { client } of [admin, manager, former]) {
    const code = await update(client, former, { is_active: true });
    assertEquals(code, client === former.client ? "no row" : "42501");
  }
  const platform = await createPerson({ role: "admin" });
  assertEquals(
    await update(platform.client, former, { is_active: true }),
    "done",
  );
});

Deno.test("nobody becomes a member without having been asked", async () => {
  const organization = await givenOrganization();
  const person = await createPerson();
  for (
    const writer of [
      person,
      await givenMember(organization, "org_admin"),
      await givenMember(organization, "org_manager"),
    ]
  ) {
    const { error } = await writer.client.from("organization_members").insert({
      organization_id: organization.id,
      user_id: person.id,
    });
    assertEquals(error?.code, "42501");
  }
  const platform = await createPerson({ role: "admin" });
  const { error } = await platform.client.from("organization_members").insert({
    organization_id: organization.id,
    user_id: person.id,
  });
  assertEquals(error, null);
});

Deno.test("a membership is not carried over to another organisation or person, and its origin is no admin's to write", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");
  const member = await givenMember(organization);
  const before = await membershipOf(member);
  const someone = (await createPerson()).id;
  for (
    const values of [
      { organization_id: (await givenOrganization()).id },
      { user_id: someone },
      { invited_by: someone },
      { invited_at: "2026-01-01T00:00:00Z" },
      { joined_at: "2026-01-01T00:00:00Z" },
    ]
  ) {
    assertEquals(await update(admin.client, member, values), "42501");
  }
  assertEquals(await membershipOf(member), before);
});

Deno.test("the last active admin stays, but for a platform admin", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");
  await givenMember(organization, "org_admin", { is_active: false });
  for (
    const values of [{ role: "org_member" }, { is_active: false }] as const
  ) {
    assertEquals(await update(admin.client, admin, values), "23514");
  }

  const second = await givenMember(organization, "org_admin");
  assertEquals(
    await update(second.client, admin, { role: "org_manager" }),
    "done",
  );
  const platform = await createPerson({ role: "admin" });
  assertEquals(
    await update(platform.client, second, { is_active: false }),
    "done",
  );
});

Deno.test("the last admin's account can be deleted", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");
  const { error } = await db.auth.admin.deleteUser(admin.id);
  assertEquals(error, null);
  assertEquals(await membershipOf(admin), null);
});

Deno.test("an organisation's admin renames it, and cannot open it again when the platform has closed it", async () => {
  const organization = await givenOrganization({ is_active: false });
  const admin = await givenMember(organization, "org_admin");
  const change = (
    values: Database["public"]["Tables"]["organizations"]["Update"],
  ) =>
    admin.client.from("organizations").update(values).eq("id", organization.id);
  assertEquals((await change({ name: "Renamed" })).error, null);
  assertEquals((await change({ is_active: true })).error?.code, "42501");
});

Deno.test("consents are seen by admins and managers while they are, and written by nobody else", async () => {
  const organization = await givenOrganization();
  const member = await givenMember(organization);
  must(
    await db.from("organization_sharing_consent").insert({
      user_id: member.id,
      organization_id: organization.id,
    }).select(),
  );
  const readers = {
    owner: member,
    admin: await givenMember(organization, "org_admin"),
    manager: await givenMember(organization, "org_manager"),
    former: await givenMember(organization, "org_admin", { is_active: false }),
    colleague: await givenMember(organization),
    stranger: await createPerson(),
  };
  const seen: Record<string, number> = {};
  for (const [name, { client }] of Object.entries(readers)) {
    const consents = must(
      await client.from("organization_sharing_consent").select()
        .eq("user_id", member.id),
    );
    seen[name] = consents.length;
    const changed = must(
      await client.from("organization_sharing_consent")
        .update({ share_goals: name === "owner" }).eq("user_id", member.id)
        .select(),
    );
    assertEquals(changed.length, name === "owner" ? 1 : 0, name);
  }
  assertEquals(seen, {
    owner: 1,
    admin: 1,
    manager: 1,
    former: 0,
    colleague: 0,
    stranger: 0,
  });
});

async function update(
  client: Client,
  person: Someone,
  values: Values,
): Promise<string> {
  return outcome(
    await client.from("organization_members").update(values)
      .eq("user_id", person.id).select("id"),
  );
}

async function remove(client: Client, person: Someone): Promise<string> {
  return outcome(
    await client.from("organization_members").delete()
      .eq("user_id", person.id).select("id"),
  );
}

function outcome(
  { data, error }: {
    data: unknown[] | null;
    error: { code: string } | null;
  },
): string {
  if (error) return error.code;
  return data?.length === 1 ? "done" : "no row";
}
