// drift-ignore-file not-granted: tries what nobody may, to see it refused
import { assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import { givenModule, must, unique } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import {
  assertChecked,
  assertDone,
  assertRefused,
  assertUntouched,
  givenTeaching,
} from "./teaching.ts";

const db = secretClient();

Deno.test("whose TalentLMS account it is, an admin says; its owner may let go of it", async () => {
  const [person, other, admin] = [
    await createPerson(),
    await createPerson(),
    await createPerson({ role: "admin" }),
  ];
  const table = ({ client }: Person) => client.from("talentlms_users");
  const row = {
    user_id: person.id,
    talentlms_user_id: "17",
    talentlms_username: "ana",
  };
  assertRefused(await table(person).insert(row), "own");
  assertRefused(await table(other).insert(row), "another's");
  assertDone(await table(admin).insert(row).select(), "TalentLmsUsers");
  const change = { talentlms_user_id: "1" };
  assertUntouched(
    await table(person).update(change).eq("user_id", person.id).select(),
    "own",
  );
  assertDone(
    await table(admin).update({ ...change, talentlms_username: "ana.pop" })
      .eq("user_id", person.id).select(),
    "TalentLmsUsers",
  );
  assertChecked(
    await table(admin).update({ talentlms_username: "x".repeat(201) })
      .eq("user_id", person.id),
    "long",
  );
  const drop = (who: Person) =>
    table(who).delete().eq("user_id", person.id).select();
  assertUntouched(await drop(other), "another's");
  assertDone(await drop(person), "AccountSettings");
});

Deno.test("progress elsewhere is written by who imports it, and a source's secrets are read by nobody", async () => {
  const [person, admin] = [
    await createPerson(),
    await createPerson({ role: "admin" }),
  ];
  const module = await givenModule();
  const source = must(
    await db.from("external_sources").insert({
      name: unique("source"),
      display_name: "Elsewhere",
      config: { api_key: "secret" },
    }).select("id").single(),
  );
  const mapping = must(
    await db.from("module_external_mappings").insert({
      module_id: module.id,
      external_source_id: source.id,
      external_content_id: "1",
    }).select("id").single(),
  );
  const progress = {
    user_id: person.id,
    module_external_mapping_id: mapping.id,
    completion_status: "completed",
  };
  must(
    await db.from("external_progress")
      .insert({ ...progress, completion_status: "not_started" }).select(),
  );
  const course = {
    user_id: person.id,
    talentlms_course_id: "1",
    completion_status: "completed",
  };
  for (const { client } of [person, admin]) {
    assertRefused(
      await client.from("external_progress").insert(progress),
      "insert",
    );
    assertRefused(
      await client.from("external_progress").update({
        completion_status: "completed",
        progress_percentage: 100,
      }).eq("user_id", person.id),
      "update",
    );
    assertRefused(
      await client.from("talentlms_progress").insert(course),
      "course",
    );
    const config = await client.from("external_sources").select("config");
    assertEquals(config.error?.code, "42501");
    assertRefused(
      await client.from("external_sources").update({ config: {} })
        .eq("id", source.id),
      "config",
    );
    assertEquals(
      must(
        await client.from("external_sources").select("display_name")
          .eq("id", source.id),
      ),
      [{ display_name: "Elsewhere" }],
    );
  }
});

Deno.test("staff say of themselves what they can do and for whom they work, and nothing else", async () => {
  const [coach, client] = [
    await createPerson({ role: "coach" }),
    await createPerson({ role: "client" }),
  ];
  const table = ({ client }: Person) => client.from("staff_profiles");
  const own = ({ id }: Person) => ({
    user_id: id,
    specializations: ["Leadership"],
    company_name: "Example",
  });
  assertRefused(await table(client).insert(own(client)), "a client");
  assertRefused(await table(coach).insert(own(client)), "another's");
  const vouched = [
    { relationship_type: "employee" },
    { contract_start_date: "2020-01-01" },
    { contract_end_date: "2099-01-01" },
    { notes: "Verified" },
    { is_active: false },
    { created_at: "2020-01-01T00:00:00Z" },
  ];
  for (const values of vouched) {
    assertRefused(
      await table(coach).insert({ ...own(coach), ...values }),
      JSON.stringify(values),
    );
  }
  assertDone(await table(coach).insert(own(coach)).select(), "own");
  for (const values of [...vouched, { user_id: client.id }]) {
    assertRefused(
      await table(coach).update(values).eq("user_id", coach.id),
      JSON.stringify(values),
    );
  }
  assertDone(
    await table(coach).update({
      specializations: ["Leadership", "Conflict"],
      company_name: null,
    }).eq("user_id", coach.id).select(),
    "AccountSettings",
  );
  for (
    const values of [
      { company_name: "x".repeat(201) },
      { specializations: ["x".repeat(5001)] },
      { specializations: Array(101).fill("x") },
    ]
  ) {
    assertChecked(
      await table(coach).update(values).eq("user_id", coach.id),
      Object.keys(values),
    );
  }
});

Deno.test("who finished what is read by staff of the person, and by no other staff", async () => {
  const { client, coach, stranger, module } = await givenTeaching();
  const content = must(
    await db.from("content_packages").insert({
      title: unique("package"),
      storage_path: unique("package"),
    }).select("id").single(),
  );
  must(
    await db.from("content_completions").insert({
      user_id: client.id,
      content_package_id: content.id,
      source_module_id: module.id,
    }).select(),
  );
  const seen = async ({ client }: Person) =>
    must(
      await client.from("content_completions").select("user_id")
        .eq("content_package_id", content.id),
    ).length;
  assertEquals(
    [await seen(client), await seen(coach), await seen(stranger)],
    [1, 1, 0],
  );
});

Deno.test("a change of address is asked for by the function alone, and nobody reads its token", async () => {
  const [person, other, admin] = [
    await createPerson(),
    await createPerson(),
    await createPerson({ role: "admin" }),
  ];
  const token = "a".repeat(64);
  const row = {
    user_id: person.id,
    old_email: person.email,
    new_email: "evil@example.com",
    verification_token: token,
    expires_at: "2099-01-01T00:00:00Z",
  };
  for (const { client } of [person, other, admin]) {
    assertRefused(
      await client.from("email_change_requests").insert(row),
      "insert",
    );
  }
  must(
    await db.from("email_change_requests")
      .insert({ ...row, verification_token: unique("token") }).select(),
  );
  for (const { client } of [person, other, admin]) {
    const requests = client.from("email_change_requests");
    for (
      const column of [
        "verification_token",
        "token_hash",
        "session_id",
        "claim_id",
        "*",
      ]
    ) {
      const { error } = await requests.select(column as "id");
      assertEquals(error?.code, "42501", column);
    }
    for (
      const values of [
        { new_email: "evil@example.com" },
        { verification_token: token },
        { expires_at: "2099-01-01T00:00:00Z" },
        { verified_at: "2031-01-01T00:00:00Z" },
      ]
    ) {
      assertRefused(
        await requests.update(values).eq("user_id", person.id),
        JSON.stringify(values),
      );
    }
  }
  const read = ({ client }: Person) =>
    client.from("email_change_requests_safe").select("new_email");
  assertEquals(must(await read(person)), [{ new_email: "evil@example.com" }]);
  assertEquals(must(await read(other)), []);
});
