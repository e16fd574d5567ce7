import { assertEquals } from "@std/assert";
import type { Sql } from "postgres";
import { uniqueEmail } from "../support/people.ts";
import { GoTrue } from "./gotrue.ts";
import { hostedTest, onConnection } from "./hosted.ts";

/** A test of what becomes of a person by GoTrue's statements. `sql` is postgres's, for looking. */
function authTest(
  name: string,
  run: (auth: GoTrue, sql: Sql) => Promise<void>,
): void {
  hostedTest(`as Supabase Auth itself: ${name}`, (url) =>
    onConnection(
      url,
      (authSql) => onConnection(url, (sql) => run(new GoTrue(authSql), sql)),
      "supabase_auth_admin",
    ));
}

authTest(
  "a sign-up makes all a person needs, and the confirmation changes nothing of it",
  async (auth, sql) => {
    const email = uniqueEmail("ana.pop");
    const id = await signUpByEmail(auth, email);
    const made = {
      name: "Ana Pop",
      username: email,
      email,
      is_disabled: false,
    };
    assertEquals(await profile(sql, id), made);
    await auth.confirmEmail(id);
    await auth.signIn(id);
    assertEquals(await profile(sql, id), made);
    const [{ preferences } = {}] = await sql`
    select count(*)::int as preferences from public.notification_preferences where user_id = ${id}`;
    assertEquals(preferences, 1);
    assertEquals(await failures(sql, id), []);
  },
);

authTest(
  "an address is changed once it is confirmed, and not before",
  async (auth, sql) => {
    const email = uniqueEmail();
    const next = uniqueEmail();
    const id = await signUpByEmail(auth, email);
    await auth.confirmEmail(id);
    await auth.update(id, {
      email_change: next,
      email_change_token_new: crypto.randomUUID(),
      email_change_sent_at: new Date(),
      email_change_confirm_status: 0,
    });
    await auth.sendToken(id, "email_change_token_new", next);
    assertEquals((await profile(sql, id))?.email, email);
    await auth.update(id, {
      email: next,
      email_change: "",
      email_change_token_new: "",
      email_change_token_current: "",
      email_change_confirm_status: 0,
    });
    await auth.clearTokens(id);
    const changed = await profile(sql, id);
    assertEquals([changed?.email, changed?.username], [next, next]);
    assertEquals(await failures(sql, id), []);
  },
);

authTest("a ban disables, and lifting it enables", async (auth, sql) => {
  const id = await signUpByEmail(auth, uniqueEmail());
  await auth.update(id, { banned_until: new Date("2999-01-01") });
  assertEquals((await profile(sql, id))?.is_disabled, true);
  await auth.update(id, { banned_until: null });
  assertEquals((await profile(sql, id))?.is_disabled, false);
  assertEquals(await failures(sql, id), []);
});

authTest(
  "a soft deletion leaves a disabled profile without the address",
  async (auth, sql) => {
    const email = uniqueEmail();
    const id = await signUpByEmail(auth, email);
    await auth.signIn(id);
    await auth.softDelete(id);
    const left = await profile(sql, id);
    assertEquals(left?.is_disabled, true);
    assertEquals([left?.email === email, left?.username], [false, null]);
    assertEquals(await failures(sql, id), []);
  },
);

authTest("a hard deletion takes the profile along", async (auth, sql) => {
  const id = await signUpByEmail(auth, uniqueEmail());
  await auth.signIn(id);
  await auth.hardDelete(id);
  assertEquals(await profile(sql, id), undefined);
});

authTest(
  "an anonymous visitor has a profile, and an address once it is linked",
  async (auth, sql) => {
    const id = await auth.signUp({ is_anonymous: true });
    await auth.signIn(id);
    assertEquals(await profile(sql, id), {
      name: "User",
      username: null,
      email: null,
      is_disabled: false,
    });
    const email = uniqueEmail();
    await auth.update(id, { email, is_anonymous: false });
    await auth.addIdentity(id, "email", id, { email });
    await auth.confirmEmail(id);
    assertEquals((await profile(sql, id))?.email, email);
    assertEquals(await failures(sql, id), []);
  },
);

authTest(
  "a sign-up by phone has a profile without an address",
  async (auth, sql) => {
    const phone = `4${Date.now()}`;
    const id = await auth.signUp({ phone });
    await auth.addIdentity(id, "phone", id, { phone, phone_verified: false });
    await auth.update(id, { phone_confirmed_at: new Date() });
    const made = await profile(sql, id);
    assertEquals([made?.name, made?.email, made?.username], [
      "User",
      null,
      null,
    ]);
    assertEquals(await failures(sql, id), []);
  },
);

authTest(
  "single sign-on makes a second person of an address without blocking either",
  async (auth, sql) => {
    const email = uniqueEmail();
    const first = await signUpByEmail(auth, email);
    const second = await auth.signUp({
      email,
      is_sso_user: true,
      email_confirmed_at: new Date(),
      raw_user_meta_data: { full_name: "Ana Pop", email },
    });
    await auth.addIdentity(second, `sso:${crypto.randomUUID()}`, email, {
      email,
    });
    await auth.signIn(second);
    assertEquals((await profile(sql, first))?.email, email);
    assertEquals((await profile(sql, second))?.name, "Ana Pop");
  },
);

async function signUpByEmail(auth: GoTrue, email: string): Promise<string> {
  const id = await auth.signUp({
    email,
    encrypted_password: "$2a$10$" + "a".repeat(53),
    raw_user_meta_data: { name: "Ana Pop" },
    confirmation_sent_at: new Date(),
    confirmation_token: crypto.randomUUID(),
  });
  await auth.addIdentity(id, "email", id, { email, email_verified: false });
  await auth.sendToken(id, "confirmation_token", email);
  return id;
}

async function profile(sql: Sql, id: string) {
  const [row] = await sql`
    select name, username, email, is_disabled from public.profiles where id = ${id}`;
  return row && { ...row } as {
    name: string;
    username: string | null;
    email: string | null;
    is_disabled: boolean;
  };
}

/** What a trigger could not do for this person. */
async function failures(sql: Sql, id: string): Promise<unknown[]> {
  const rows = await sql`
    select source, sqlstate, message from private.trigger_failures where subject_id = ${id}`;
  return rows.map((row) => ({ ...row }));
}
