import { assertEquals } from "@std/assert";
import { sqlTest, value } from "../support/sql.ts";
import {
  address,
  failures,
  FAR,
  profile,
  signUp,
} from "./profile_sync_users.ts";

sqlTest(
  "a sign-up by phone gets a profile named User, without an address",
  async (sql) => {
    const id = await signUp(sql, { phone: `4${Date.now()}` });
    assertEquals(await profile(sql, id), {
      name: "User",
      username: null,
      email: null,
      is_disabled: false,
    });
    assertEquals(await failures(sql, id), []);
  },
);

sqlTest("an anonymous sign-up gets a profile named User", async (sql) => {
  const id = await signUp(sql, { isAnonymous: true });
  assertEquals((await profile(sql, id))?.name, "User");
});

sqlTest("an empty address counts as none", async (sql) => {
  const id = await signUp(sql, { email: "" });
  const made = await profile(sql, id);
  assertEquals([made?.email, made?.username, made?.name], [null, null, "User"]);
});

sqlTest(
  "an OAuth sign-up takes its name from full_name, and name comes first",
  async (sql) => {
    const oauth = await signUp(sql, {
      email: address(),
      metadata: { full_name: "Ana Pop" },
    });
    const both = await signUp(sql, {
      email: address(),
      metadata: { name: "Ana", full_name: "Ana Pop" },
    });
    const blank = await signUp(sql, {
      email: address("ana.pop"),
      metadata: { name: "  " },
    });
    assertEquals((await profile(sql, oauth))?.name, "Ana Pop");
    assertEquals((await profile(sql, both))?.name, "Ana");
    assertEquals((await profile(sql, blank))?.name, "ana pop");
  },
);

sqlTest("a user who is created banned is disabled", async (sql) => {
  const id = await signUp(sql, { email: address(), bannedUntil: FAR });
  assertEquals((await profile(sql, id))?.is_disabled, true);
});

sqlTest(
  "a new user has mail preferences and AI preferences, both AI flags off",
  async (sql) => {
    const id = await signUp(sql, { email: address() });
    assertEquals(
      await value(
        sql,
        "select count(*)::int from public.notification_preferences where user_id = $1",
        [id],
      ),
      1,
    );
    assertEquals(
      await sql.query(
        "select ai_insights_enabled as a, ai_recommendations_enabled as b from public.ai_preferences where user_id = $1",
        [id],
      ).then((rows) => rows.map(({ a, b }) => [a, b])),
      [[false, false]],
    );
  },
);

sqlTest(
  "an address that another profile holds as username leaves the username empty",
  async (sql) => {
    const email = address();
    const holder = await signUp(sql, { email: address() });
    await sql.query("update public.profiles set username = $2 where id = $1", [
      holder,
      email,
    ]);
    const id = await signUp(sql, { email });
    const made = await profile(sql, id);
    assertEquals([made?.email, made?.username], [email, null]);
    assertEquals(await failures(sql, id), []);
  },
);

sqlTest(
  "a changed address reaches the profile, and a username of one's own stays",
  async (sql) => {
    const next = address();
    const id = await signUp(sql, { email: address() });
    await sql.query("update public.profiles set username = $2 where id = $1", [
      id,
      `ana_${Date.now()}`,
    ]);
    await sql.query("update auth.users set email = $2 where id = $1", [
      id,
      next,
    ]);
    const made = await profile(sql, id);
    assertEquals([made?.email, made?.username?.startsWith("ana_")], [
      next,
      true,
    ]);
  },
);

sqlTest(
  "a username that held the old address is emptied when the new one cannot be a username",
  async (sql) => {
    const next = address(`o'brien.${crypto.randomUUID()}`);
    const id = await signUp(sql, { email: address() });
    await sql.query("update auth.users set email = $2 where id = $1", [
      id,
      next,
    ]);
    const made = await profile(sql, id);
    assertEquals([made?.email, made?.username], [next, null]);
    assertEquals(await failures(sql, id), []);
  },
);

sqlTest("a profile that is missing is made by the next change", async (sql) => {
  const id = await signUp(sql, { email: address() });
  await sql.query("delete from public.profiles where id = $1", [id]);
  const next = address();
  await sql.query("update auth.users set email = $2 where id = $1", [id, next]);
  assertEquals((await profile(sql, id))?.email, next);
});

sqlTest(
  "an update of another column of auth.users, or one that changes nothing, writes no profile",
  async (sql) => {
    const id = await signUp(sql, { email: address() });
    const version = () =>
      value(sql, "select ctid::text from public.profiles where id = $1", [id]);
    const before = await version();
    await sql.query(
      `update auth.users set last_sign_in_at = now(), raw_user_meta_data = '{"name":"x"}', email = email,
       banned_until = banned_until where id = $1`,
      [id],
    );
    // a ban that has run out already changes banned_until, and nothing in profiles
    await sql.query(
      "update auth.users set banned_until = now() - interval '1 hour' where id = $1",
      [id],
    );
    assertEquals(await version(), before);
  },
);

sqlTest(
  "a soft deletion disables, by address or phone, and its address follows",
  async (sql) => {
    const id = await signUp(sql, { email: address() });
    const byPhone = await signUp(sql, { phone: `5${Date.now()}` });
    await sql.query(
      "update auth.users set deleted_at = now(), email = 'u5vZoJX6gAzbKqLkhNvI1mIuKPUzZ8Nn0wgVQ2EXeZk' where id = $1",
      [id],
    );
    await sql.query(
      "update auth.users set deleted_at = now(), phone = null where id = $1",
      [byPhone],
    );
    const deleted = await profile(sql, id);
    assertEquals([deleted?.is_disabled, deleted?.username], [true, null]);
    assertEquals((await profile(sql, byPhone))?.is_disabled, true);
    await sql.query("select private.lift_lapsed_bans('infinity')");
    assertEquals((await profile(sql, id))?.is_disabled, true);
  },
);

sqlTest(
  "an enrolment makes a client profile once, and so does a plan for a client only",
  async (sql) => {
    const client = await signUp(sql, { email: address() });
    const coach = await signUp(sql, { email: address() });
    const plan = await value(
      sql,
      "insert into public.plans (key, name) values ($1, 'Plan') returning id",
      [crypto.randomUUID()],
    );
    await sql.query(
      "insert into public.user_roles (user_id, role) values ($1, 'client'), ($2, 'coach')",
      [client, coach],
    );
    await sql.query(
      "update public.profiles set plan_id = $3 where id in ($1, $2)",
      [
        client,
        coach,
        plan,
      ],
    );
    const profiles = async () =>
      (await sql.query(
        "select user_id, status::text from public.client_profiles where user_id in ($1, $2)",
        [client, coach],
      )).map((row) => [row.user_id, row.status]);
    assertEquals(await profiles(), [[client, "active"]]);

    const program = await value(
      sql,
      "insert into public.programs (slug, name, category) values ($1, 'Program', 'cta') returning id",
      [crypto.randomUUID()],
    );
    await sql.query(
      "insert into public.client_enrollments (client_user_id, program_id) values ($1, $2), (null, $2)",
      [client, program],
    );
    assertEquals((await profiles()).length, 1);
  },
);
