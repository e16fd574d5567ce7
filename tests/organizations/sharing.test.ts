import { assertEquals } from "@std/assert";
import { givenMember, givenOrganization } from "../support/organizations.ts";
import { createPerson, type Person } from "../support/people.ts";
import { givenEnrolment, must } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();

Deno.test("an organization's admin reads the enrollments of active members who share their progress", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");
  const member = await givenMember(organization);
  const { id } = await givenEnrolment({ client: member });
  const seen = async () =>
    must(
      await admin.client.from("client_enrollments").select("id").eq("id", id),
    ).length;
  assertEquals(await seen(), 0, "who shares nothing");
  const consent = (share_progress: boolean) =>
    member.client.from("organization_sharing_consent").upsert({
      user_id: member.id,
      organization_id: organization.id,
      share_progress,
      consent_given_at: new Date().toISOString(),
    }, { onConflict: "user_id,organization_id" });
  assertEquals((await consent(true)).error, null);
  assertEquals(await seen(), 1);
  must(
    await db.from("organization_members").update({ is_active: false })
      .eq("user_id", member.id).select().single(),
  );
  assertEquals(await seen(), 0, "who left");
  assertEquals((await consent(false)).error, null, "also when one has left");
});

Deno.test("who left is seen by those who run the organization, and what they once consented to by nobody", async () => {
  const organization = await givenOrganization();
  const [admin, member, former] = [
    await givenMember(organization, "org_admin"),
    await givenMember(organization),
    await givenMember(organization),
  ];
  must(
    await former.client.from("organization_sharing_consent").insert({
      user_id: former.id,
      organization_id: organization.id,
      share_goals: true,
    }).select(),
  );
  const seenBy = async ({ client }: Person) => [
    must(
      await client.from("organization_members").select("id")
        .eq("user_id", former.id),
    ).length,
    must(
      await client.from("organization_sharing_consent").select("id")
        .eq("user_id", former.id),
    ).length,
  ];
  assertEquals([await seenBy(admin), await seenBy(member)], [[1, 1], [1, 0]]);
  must(
    await db.from("organization_members").update({ is_active: false })
      .eq("user_id", former.id).select().single(),
  );
  assertEquals([await seenBy(admin), await seenBy(member)], [[1, 0], [0, 0]]);
});

Deno.test("consent is one's own, for an organization of one's own", async () => {
  const organization = await givenOrganization();
  const member = await givenMember(organization);
  const stranger = await createPerson();
  for (
    const [who, user_id] of [[stranger, member.id], [
      stranger,
      stranger.id,
    ]] as const
  ) {
    const { error } = await who.client.from("organization_sharing_consent")
      .insert({ user_id, organization_id: organization.id, share_goals: true });
    assertEquals(error?.code, "42501");
  }
});
