import { assertEquals } from "@std/assert";
import { givenMember, givenOrganization } from "../support/organizations.ts";
import { must } from "../support/rows.ts";

Deno.test("what an organization writes about itself has a length, and its times are of this century", async () => {
  const organization = await givenOrganization();
  const { client, id } = await givenMember(organization, "org_admin");
  const own = client.from("organizations");
  for (
    const values of [
      { name: "x".repeat(201) },
      { description: "x".repeat(5001) },
      { website: "x".repeat(2001) },
      { settings: { text: "x".repeat(20_000) } },
    ]
  ) {
    const { error } = await own.update(values).eq("id", organization.id);
    assertEquals(error?.code, "23514", Object.keys(values).join());
  }
  must(
    await own.update({ name: "x".repeat(200), website: "https://example.com" })
      .eq("id", organization.id).select().single(),
  );
  const terms = (values: { title?: string; effective_from?: string }) =>
    client.from("organization_terms").insert({
      organization_id: organization.id,
      version: 1,
      title: "Terms",
      content_html: "<p>Ours</p>",
      ...values,
    });
  for (
    const values of [
      { title: "x".repeat(301) },
      { effective_from: "infinity" },
      { effective_from: "1999-12-31T00:00:00Z" },
    ]
  ) {
    const { error } = await terms(values);
    assertEquals(error?.code, "23514", JSON.stringify(values).slice(0, 60));
  }
  const { error } = await client.from("organization_sharing_consent").upsert({
    user_id: id,
    organization_id: organization.id,
    consent_given_at: "infinity",
  }, { onConflict: "user_id,organization_id" });
  assertEquals(error?.code, "23514");
});

Deno.test("what somebody says of a spend has a length", async () => {
  const { client } = await givenMember(await givenOrganization());
  const { error } = await client.rpc("consume_credits_fifo", {
    p_amount: 1,
    p_description: "x".repeat(5001),
  });
  // refused for want of credits or for its length, and never written
  const [spend] = must(await client.from("credit_spends").select("id"));
  assertEquals([error?.code ?? "no credits", spend], ["no credits", undefined]);
});
