import { assertEquals, assertExists } from "@std/assert";
import {
  createPerson,
  createUser,
  disable,
  uniqueEmail,
} from "../support/people.ts";
import {
  givenEnrolment,
  givenNotificationType,
  givenProgram,
  must,
  only,
} from "../support/rows.ts";
import { anonClient, secretClient } from "../support/stack.ts";

const db = secretClient();

async function someone(): Promise<{ id: string; email: string }> {
  const email = uniqueEmail();
  const id = await createUser({ email, user_metadata: { name: "Ana Pop" } });
  return { id, email };
}

async function notify(
  { id }: { id: string },
  { key }: { key: string },
  more: { p_metadata?: Record<string, string>; p_link?: string } = {},
): Promise<string | null> {
  const { data, error } = await db.rpc("create_notification", {
    p_user_id: id,
    p_type_key: key,
    p_title: "Title",
    p_message: "Message",
    ...more,
  });
  if (error) throw error;
  return data;
}

async function told({ id, email }: { id: string; email: string }) {
  const shown = must(
    await db.from("notifications").select("id, title, message, link, metadata")
      .eq("user_id", id),
  );
  const mailed = must(
    await db.from("email_queue")
      .select("notification_id, recipient_name, template_key, template_data")
      .eq("recipient_email", email),
  );
  return { shown, mailed };
}

Deno.test("create_notification shows a notification and queues its mail with the profile's name", async () => {
  const person = await someone();
  const type = await givenNotificationType({ email_template_key: "template" });
  const id = await notify(person, type, {
    p_link: "/there",
    p_metadata: { extra: "1", title: "Metadata wins" },
  });
  assertExists(id);
  assertEquals(await told(person), {
    shown: [{
      id,
      title: "Title",
      message: "Message",
      link: "/there",
      metadata: { extra: "1", title: "Metadata wins" },
    }],
    mailed: [{
      notification_id: id,
      recipient_name: "Ana Pop",
      template_key: "template",
      template_data: {
        title: "Metadata wins",
        message: "Message",
        link: "/there",
        user_name: "Ana Pop",
        extra: "1",
      },
    }],
  });
});

Deno.test("create_notification takes null metadata for none", async () => {
  const person = await someone();
  const type = await givenNotificationType({ email_template_key: "template" });
  const { error } = await db.rpc("create_notification", {
    p_user_id: person.id,
    p_type_key: type.key,
    p_title: "Title",
    p_metadata: null,
  });
  assertEquals(error, null);
  const { shown, mailed } = await told(person);
  assertEquals(shown[0]?.metadata, {});
  assertEquals(mailed[0]?.template_data, {
    title: "Title",
    message: null,
    link: null,
    user_name: "Ana Pop",
  });
});

Deno.test("create_notification mails nothing for a type without a template, or a person without an address", async () => {
  const person = await someone();
  await notify(person, await givenNotificationType());
  assertEquals((await told(person)).mailed, []);

  const id = await createUser({
    phone: `408${Math.floor(Math.random() * 1e8).toString().padStart(8, "0")}`,
    phone_confirm: true,
  });
  const type = await givenNotificationType({ email_template_key: "template" });
  assertExists(await notify({ id }, type));
});

Deno.test("create_notification follows the user's preferences, unless the type is critical", async () => {
  const person = await someone();
  const usual = await givenNotificationType({ email_template_key: "template" });
  const critical = await givenNotificationType({
    email_template_key: "template",
    is_critical: true,
  });
  for (const type of [usual, critical]) {
    must(
      await db.from("user_notification_preferences").insert({
        user_id: person.id,
        notification_type_id: type.id,
        in_app_enabled: false,
        email_enabled: false,
      }).select(),
    );
  }
  assertEquals(await notify(person, usual), null);
  assertEquals(await told(person), { shown: [], mailed: [] });
  assertExists(await notify(person, critical));
  assertEquals((await told(person)).mailed.length, 1);
});

Deno.test("create_notification answers null and still mails where only the mail is wanted", async () => {
  const person = await someone();
  const type = await givenNotificationType({
    email_template_key: "template",
    default_in_app_enabled: false,
  });
  assertEquals(await notify(person, type), null);
  const { shown, mailed } = await told(person);
  assertEquals([shown.length, mailed[0]?.notification_id], [0, null]);
});

Deno.test("create_notification is silent for the disabled and the inactive client, critical or not", async () => {
  const disabled = await someone();
  await disable(disabled);
  const inactive = await someone();
  must(
    await db.from("client_profiles")
      .insert({ user_id: inactive.id, status: "inactive" }).select(),
  );
  const type = await givenNotificationType({
    email_template_key: "template",
    is_critical: true,
  });
  for (const person of [disabled, inactive]) {
    assertEquals(await notify(person, type), null);
    assertEquals(await told(person), { shown: [], mailed: [] });
  }
});

Deno.test("create_notification refuses a type that is unknown or inactive", async () => {
  const { id } = await someone();
  const { key } = await givenNotificationType({ is_active: false });
  for (const p_type_key of [key, "no_such_type"]) {
    const { error } = await db.rpc("create_notification", {
      p_user_id: id,
      p_type_key,
      p_title: "Title",
    });
    assertEquals(error?.code, "22023");
    assertEquals(error?.message, `Invalid notification type: ${p_type_key}`);
  }
});

Deno.test("create_notification cannot be called by a visitor or a user, not even for oneself", async () => {
  const person = await createPerson({ role: "admin" });
  const { key } = await givenNotificationType();
  for (const client of [anonClient(), person.client]) {
    // drift-ignore not-granted: the refusal is what is tested
    const { error } = await client.rpc("create_notification", {
      p_user_id: person.id,
      p_type_key: key,
      p_title: "Title",
    });
    assertEquals(error?.code, "42501");
  }
});

Deno.test("an enrolment queues the mail program_assignment in the same transaction", async () => {
  const person = await someone();
  const program = await givenProgram({
    name: "Leading Well",
    description: "Ten weeks",
  });
  const { id } = await givenEnrolment({ client: person, program });
  const { created_at } = must(
    await db.from("client_enrollments").select("created_at").eq("id", id)
      .single(),
  );
  const { mailed } = await told(person);
  const { template_key, template_data } = only(mailed);
  const { timestamp, ...data } = template_data as { timestamp: string };
  assertEquals(data, {
    userName: "Ana Pop",
    programName: "Leading Well",
    programDescription: "Ten weeks",
  });
  assertEquals(Date.parse(timestamp), Date.parse(created_at ?? ""));
  assertEquals(template_key, "program_assignment");
});

Deno.test("an enrolment mails neither the disabled, nor the inactive client, nor who does not want it", async () => {
  const [disabled, inactive, unwilling] = [
    await someone(),
    await someone(),
    await someone(),
  ];
  await disable(disabled);
  must(
    await db.from("client_profiles")
      .insert({ user_id: inactive.id, status: "inactive" }).select(),
  );
  must(
    await db.from("notification_preferences")
      .update({ program_assignments: false }).eq("user_id", unwilling.id)
      .select(),
  );
  for (const person of [disabled, inactive, unwilling]) {
    await givenEnrolment({ client: person });
    assertEquals((await told(person)).mailed, []);
  }
});

Deno.test("an enrolment mails who has lost the row of preferences: missing means yes", async () => {
  const person = await someone();
  must(
    await db.from("notification_preferences").delete().eq("user_id", person.id)
      .select(),
  );
  await givenEnrolment({ client: person });
  assertEquals((await told(person)).mailed.length, 1);
});
