import { assertEquals } from "@std/assert";
import { profileOf } from "../support/identity.ts";
import { createPerson, uniqueEmail, updateUser } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { postgresTest } from "../support/sql.ts";
import { anonClient, secretClient } from "../support/stack.ts";

const db = secretClient();

async function signsIn(
  email: string,
  { password }: { password: string },
): Promise<boolean> {
  const client = anonClient();
  const { error } = await client.auth.signInWithPassword({ email, password });
  const refreshed = await client.auth.refreshSession();
  return error === null && refreshed.error === null;
}

Deno.test("who has lost the profile signs in, and the next change of the account makes it anew", async () => {
  const person = await createPerson();
  must(await db.from("profiles").delete().eq("id", person.id).select("id"));
  assertEquals(await signsIn(person.email, person), true);
  const email = uniqueEmail();
  await updateUser(person.id, { email, email_confirm: true });
  assertEquals(await profileOf(person.id), {
    email,
    username: email,
    is_disabled: false,
  });
});

Deno.test("who has a profile full of somebody else's data signs in", async () => {
  const person = await createPerson();
  must(
    await db.from("profiles").update({
      email: uniqueEmail(),
      username: uniqueEmail(),
      is_disabled: true,
    }).eq("id", person.id).select("id"),
  );
  assertEquals(await signsIn(person.email, person), true);
});

postgresTest(
  "a profile that refuses every write breaks no sign-in, no change of address, no ban and no deletion",
  async (sql) => {
    const name = `broken-${crypto.randomUUID()}`;
    const person = await createPerson({ name });
    const constraint = `broken_${person.id.replaceAll("-", "")}`;
    await sql.unsafe(
      `alter table public.profiles add constraint ${constraint} check (name <> '${name}') not valid`,
    );
    try {
      const email = uniqueEmail();
      await updateUser(person.id, { email, email_confirm: true });
      assertEquals(await signsIn(email, person), true);
      await updateUser(person.id, { ban_duration: "1h" });
      assertEquals(await signsIn(email, person), false);
      await updateUser(person.id, { ban_duration: "none" });
      assertEquals(await signsIn(email, person), true);
      const { error } = await db.auth.admin.deleteUser(person.id);
      assertEquals(error, null);
    } finally {
      await sql.unsafe(
        `alter table public.profiles drop constraint ${constraint}`,
      );
    }
  },
);
