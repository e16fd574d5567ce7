// drift-ignore-file not-granted: tries what nobody may, to see it refused
import { assert, assertEquals } from "@std/assert";
import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import { createPerson, type Person, uniqueEmail } from "../support/people.ts";
import { givenPlan, must, unique } from "../support/rows.ts";
import { anonClient, secretClient } from "../support/stack.ts";

type Values = Database["public"]["Tables"]["profiles"]["Update"];

const db = secretClient();

/** What only an admin may write, each with a value that is not the default. */
async function adminValues() {
  const { id } = await givenPlan();
  return {
    plan_id: id,
    verification_status: "verified",
    verified_at: "2026-01-01T00:00:00+00:00",
    registration_status: "pending",
    is_hidden: true,
  } satisfies Values;
}

/** What nobody may write by the Data API. */
const nobodysValues = () =>
  ({
    email: uniqueEmail("taken"),
    real_email: uniqueEmail("real"),
    username: unique("ana").replaceAll("-", "_"),
    plan_expires_at: "2099-01-01T00:00:00+00:00",
    plan_since: "2020-01-01T00:00:00+00:00",
    is_disabled: true,
    created_at: "2020-01-01T00:00:00+00:00",
  }) satisfies Values;

/** What the web app edits, each with a value that is not the default. */
const ownValues = () =>
  ({
    name: "Ana Maria Pop",
    avatar_url: "https://example.com/ana.png",
    bio: "Coach and runner",
    linkedin_url: "https://linkedin.example/ana",
    x_url: "https://x.example/ana",
    bluesky_url: "https://bluesky.example/ana",
    youtube_url: "https://youtube.example/ana",
    instagram_url: "https://instagram.example/ana",
    facebook_url: "https://facebook.example/ana",
    scheduling_url: "https://cal.example/ana",
    education: [{ degree: "MSc", school: "Cluj" }],
    certifications: [{ name: "PCC", year: 2024 }],
    external_credential_profiles: [{ site: "credly", handle: "ana" }],
    preferred_meeting_times: [{ day: "monday", from: "09:00" }],
    timezone: "Europe/Bucharest",
    job_title: "Head of Learning",
    organisation: "Example",
    tagline: "Onwards",
    desired_target_role: "Chief Learning Officer",
    desired_target_role_private: true,
    future_vision: "A school",
    future_vision_private: true,
    constraints: "Two small children",
    constraints_private: true,
    calendar_token: crypto.randomUUID(),
    calendar_sync_enabled: true,
  }) satisfies Values;

/** One object for each column. */
function each(values: Values): Values[] {
  return Object.entries(values).map(([column, value]) => ({ [column]: value }));
}

async function profileOf({ id }: { id: string }) {
  return must(await db.from("profiles").select().eq("id", id).single());
}

function assertRefused(
  answer: { error: { code: string } | null; status: number },
  about: unknown,
): void {
  assertEquals([answer.error?.code, answer.status], ["42501", 403], `${about}`);
}

/** Somebody whose profile has been deleted, so that nothing but the rules refuses a new one. */
async function createPersonWithoutProfile(): Promise<Person> {
  const person = await createPerson();
  must(await db.from("profiles").delete().eq("id", person.id).select());
  return person;
}

Deno.test("a user may not write a plan, a verification, a status or an address, each column alone", async () => {
  const person = await createPerson();
  const before = await profileOf(person);
  for (const values of each({ ...await adminValues(), ...nobodysValues() })) {
    const about = JSON.stringify(values);
    const table = person.client.from("profiles");
    assertRefused(await table.update(values).eq("id", person.id), about);
    assertRefused(
      await table.update({ bio: "Hi", ...values }).eq("id", person.id),
      about,
    );
    assertRefused(
      await table.upsert({ id: person.id, name: person.name, ...values }),
      about,
    );
    assertEquals(await profileOf(person), before, about);
  }
});

Deno.test("a user may not bring a plan, a verification, a status or an address into a new profile", async () => {
  const person = await createPersonWithoutProfile();
  const { id, name } = person;
  for (const values of each({ ...await adminValues(), ...nobodysValues() })) {
    const about = JSON.stringify(values);
    const table = person.client.from("profiles");
    assertRefused(await table.insert({ id, name, ...values }), about);
    assertRefused(await table.upsert({ id, name, ...values }), about);
  }
  assertEquals(must(await db.from("profiles").select().eq("id", id)), []);
});

Deno.test("a user may not take back what an admin wrote, neither to null nor to the default", async () => {
  const person = await createPerson();
  const written = await adminValues();
  must(
    await db.from("profiles").update(written).eq("id", person.id).select(),
  );
  const before = await profileOf(person);
  const cleared = Object.keys(written).map((column) => ({ [column]: null }));
  const defaults = { is_hidden: false, registration_status: "complete" };
  for (const values of [...cleared, ...each(defaults)]) {
    const about = JSON.stringify(values);
    const table = person.client.from("profiles");
    assertRefused(await table.update(values).eq("id", person.id), about);
    assertRefused(
      await table.upsert({ id: person.id, name: person.name, ...values }),
      about,
    );
    assertEquals(await profileOf(person), before, about);
  }
});

Deno.test("a user may write every other column of the own profile, in one update", async () => {
  const person = await createPerson();
  const values = ownValues();
  const before = await profileOf(person);
  must(
    await person.client.from("profiles")
      .update({ ...values, updated_at: new Date().toISOString() })
      .eq("id", person.id).select().single(),
  );
  const after = await profileOf(person);
  assertEquals(after, { ...before, ...values, updated_at: after.updated_at });
  assertEquals(
    Object.keys(after).sort(),
    Object.keys({
      id: null,
      updated_at: null,
      ...values,
      ...await adminValues(),
      ...nobodysValues(),
    }).sort(),
    "a column is missing in these tests, or in the grants",
  );
});

Deno.test("nobody makes a profile but the sign-up: neither the own one nor another's", async () => {
  const [person, other] = [
    await createPersonWithoutProfile(),
    await createPersonWithoutProfile(),
  ];
  for (const { id } of [person, other]) {
    const table = person.client.from("profiles");
    assertRefused(await table.insert({ id, name: "Mine" }), "insert");
    assertRefused(await table.upsert({ id, name: "Mine" }), "upsert");
  }
  const ids = [person.id, other.id];
  assertEquals(must(await db.from("profiles").select().in("id", ids)), []);
});

Deno.test("the time of a change is the database's, whatever the page sends", async () => {
  const person = await createPerson();
  must(
    await person.client.from("profiles")
      .update({ bio: "Hi", updated_at: "2001-01-01T00:00:00Z" })
      .eq("id", person.id).select(),
  );
  const { updated_at } = await profileOf(person);
  assert(Math.abs(Date.parse(updated_at ?? "") - Date.now()) < 600_000);
});

Deno.test("a name is no link and not long, and other texts have a length", async () => {
  const person = await createPerson({
    name: "Win at https://evil.example now",
  });
  assertEquals(
    (await profileOf(person)).name,
    "Win at evil. example now",
  );
  const named = async (name: string) => {
    must(
      await person.client.from("profiles").update({ name })
        .eq("id", person.id).select(),
    );
    return (await profileOf(person)).name;
  };
  assertEquals(await named("Dr.Ana J.R. Pop"), "Dr. Ana J.R. Pop");
  assertEquals(await named("www.evil.example/x"), "www. evil. example/x");
  assertEquals((await named("x".repeat(100_000))).length, 200);
  const long = {
    bio: "x".repeat(5001),
    tagline: "x".repeat(301),
    scheduling_url: `https://cal.example/${"x".repeat(2000)}`,
    education: [{ school: "x".repeat(100_000) }],
  };
  for (const values of each(long)) {
    const { error } = await person.client.from("profiles")
      .update(values).eq("id", person.id);
    assertEquals(error?.code, "23514", Object.keys(values).join());
  }
});

Deno.test("nobody writes or deletes another's profile, not even a client's coach", async () => {
  const [person, coach, stranger] = [
    await createPerson({ role: "client" }),
    await createPerson({ role: "coach" }),
    await createPerson(),
  ];
  must(
    await db.from("client_coaches")
      .insert({ client_id: person.id, coach_id: coach.id }).select(),
  );
  const before = await profileOf(person);
  for (const { client } of [coach, stranger]) {
    const table = client.from("profiles");
    const update = table.update({ bio: "Mine" }).eq("id", person.id);
    assertEquals(must(await update.select()), []);
    assertRefused(
      await table.upsert({ id: person.id, name: "Mine" }),
      "upsert",
    );
    assertRefused(await table.delete().eq("id", person.id), "delete");
  }
  assertRefused(
    await person.client.from("profiles").delete().eq("id", person.id),
    "one's own",
  );
  const visitor = anonClient().from("profiles");
  for (
    const answer of [
      await visitor.update({ bio: "Mine" }).eq("id", person.id),
      await visitor.insert({ id: person.id, name: "Mine" }),
      await visitor.delete().eq("id", person.id),
    ]
  ) {
    assertEquals([answer.error?.code, answer.status], ["42501", 401]);
  }
  assertEquals(await profileOf(person), before);
});

Deno.test("an admin writes the plan, the verification and the status of anybody", async () => {
  const [admin, person] = [
    await createPerson({ role: "admin" }),
    await createPerson(),
  ];
  const values = await adminValues();
  const answer = await admin.client.from("profiles").update(values)
    .eq("id", person.id).select().single();
  assertEquals(must(answer), {
    ...await profileOf(person),
    ...values,
  });
});

Deno.test("an admin does not write what mirrors auth.users, nor when a profile was made", async () => {
  const [admin, person] = [
    await createPerson({ role: "admin" }),
    await createPerson(),
  ];
  for (const { id, name } of [person, admin]) {
    const before = await profileOf({ id });
    for (const values of each(nobodysValues())) {
      const about = JSON.stringify(values);
      const table = admin.client.from("profiles");
      assertRefused(await table.update(values).eq("id", id), about);
      assertRefused(await table.upsert({ id, name, ...values }), about);
    }
    assertEquals(await profileOf({ id }), before);
  }
});
