import { assertEquals } from "@std/assert";
import { createPerson } from "../support/people.ts";
import { givenEnrolment, must, unique } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const REFUSED = ["42501", 403];

Deno.test("a user counts the own usage up, and neither down nor anew", async () => {
  const { id, client } = await createPerson();
  const usage = () => client.from("usage_tracking");
  const row = must(
    await usage().insert({
      user_id: id,
      feature_key: unique("feature"),
      period_start: "2999-01-01",
      period_end: "2999-01-31",
      used_count: 1,
    }).select().single(),
  );
  const change = (values: Partial<typeof row>) =>
    usage().update(values).eq("id", row.id).select().single();
  assertEquals(must(await change({ used_count: 3 })).used_count, 3);
  for (
    const values of [
      { used_count: 2 },
      { feature_key: "other" },
      { period_start: "2998-01-01" },
    ]
  ) {
    const { error, status } = await change(values);
    assertEquals([error?.code, status], REFUSED, JSON.stringify(values));
  }
  const negative = await usage().insert({
    ...row,
    id: crypto.randomUUID(),
    feature_key: unique("feature"),
    used_count: -1,
  });
  assertEquals([negative.error?.code, negative.status], REFUSED);
});

Deno.test("a user does not delete what was used of an enrolment; an admin may, and so may the enrolment's end", async () => {
  const [person, admin] = [
    await createPerson(),
    await createPerson({ role: "admin" }),
  ];
  const given = async () => {
    const { id: enrollment_id } = await givenEnrolment({ client: person });
    return must(
      await person.client.from("user_program_entitlement_usage").insert({
        user_id: person.id,
        enrollment_id,
        feature_key: unique("feature"),
        used_count: 1,
      }).select().single(),
    );
  };
  const row = await given();
  const remove = ({ client }: typeof person) =>
    client.from("user_program_entitlement_usage").delete().eq("id", row.id)
      .select();
  const { error, status } = await remove(person);
  assertEquals([error?.code, status], REFUSED);
  assertEquals(must(await remove(admin)).length, 1);

  const { enrollment_id } = await given();
  must(
    await secretClient().from("client_enrollments").delete()
      .eq("id", enrollment_id).select().single(),
  );
});
