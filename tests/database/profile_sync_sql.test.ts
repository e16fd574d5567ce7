import { assertEquals } from "@std/assert";
import { type Session, sqlTest, value } from "../support/sql.ts";

const NOW = "2026-03-24T12:00:00Z";
const EARLIER = "2026-03-24T11:00:00Z";
const LATER = "2026-03-24T13:00:00Z";
const FAR = "2999-01-01T00:00:00Z";

interface NewUser {
  email?: string | null;
  phone?: string;
  metadata?: Record<string, unknown>;
  bannedUntil?: string;
  isAnonymous?: boolean;
  isSso?: boolean;
}

interface Profile {
  name: string;
  username: string | null;
  email: string | null;
  is_disabled: boolean;
}

const address = (local: string = crypto.randomUUID()) => `${local}@example.com`;

/** A user as Supabase Auth inserts one. */
async function signUp(sql: Session, user: NewUser): Promise<string> {
  const id = crypto.randomUUID();
  await sql.query(
    `insert into auth.users
       (id, email, phone, raw_user_meta_data, banned_until, is_anonymous, is_sso_user, created_at)
     values ($1, $2, $3, $4::text::jsonb, $5::text::timestamptz, $6, $7, clock_timestamp())`,
    [
      id,
      user.email ?? null,
      user.phone ?? null,
      JSON.stringify(user.metadata ?? {}),
      user.bannedUntil ?? null,
      user.isAnonymous ?? false,
      user.isSso ?? false,
    ],
  );
  return id;
}

async function profile(sql: Session, id: string): Promise<Profile | undefined> {
  const [row] = await sql.query(
    "select name, username, email, is_disabled from public.profiles where id = $1",
    [id],
  );
  return row as unknown as Profile | undefined;
}

async function failures(sql: Session, id: string): Promise<unknown[]> {
  const rows = await sql.query(
    "select source, sqlstate from private.trigger_failures where subject_id = $1 order by id",
    [id],
  );
  return rows.map((row) => `${row.source} ${row.sqlstate}`);
}

async function reconcile(sql: Session, now = NOW): Promise<unknown[]> {
  return (await sql.query(
    "select user_id, healed from public.reconcile_auth_profiles($1::text::timestamptz)",
    [now],
  )).map(({ user_id, healed }) => ({ user_id, healed }));
}

/** Starts from a sound database, whatever other tests have left behind. */
async function sound(sql: Session): Promise<void> {
  await reconcile(sql);
}

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
    assertEquals((await profile(sql, blank))?.name, "ana.pop");
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
  "an address that another profile holds as e-mail never blocks a sign-up, and is healed",
  async (sql) => {
    await sound(sql);
    const email = address();
    const holder = await signUp(sql, { email: address() });
    const held = (await profile(sql, holder))?.email;
    await sql.query(
      "update public.profiles set email = upper($2) where id = $1",
      [
        holder,
        email,
      ],
    );

    const id = await signUp(sql, { email, metadata: { name: "Ana" } });
    assertEquals(await profile(sql, id), {
      name: "Ana",
      username: null,
      email: null,
      is_disabled: false,
    });
    assertEquals(await failures(sql, id), ["handle_new_user 23505"]);

    const healed = await reconcile(sql);
    assertEquals(
      new Set(healed.map((row) => JSON.stringify(row))),
      new Set([
        JSON.stringify({ user_id: holder, healed: "email" }),
        JSON.stringify({ user_id: id, healed: "email" }),
      ]),
    );
    assertEquals((await profile(sql, id))?.email, email);
    assertEquals((await profile(sql, holder))?.email, held);
    assertEquals(await reconcile(sql), []);
  },
);

sqlTest(
  "profiles that refuse every row block no sign-up; reconcile makes them afterwards",
  async (sql) => {
    await sound(sql);
    await sql.script(
      "alter table public.profiles add constraint broken check (name = 'nobody') not valid",
    );
    const email = address();
    const id = await signUp(sql, { email });
    assertEquals(await profile(sql, id), undefined);
    assertEquals(await failures(sql, id), [
      "handle_new_user 23514",
      "handle_new_user 23514",
    ]);

    await sql.script("alter table public.profiles drop constraint broken");
    assertEquals(await reconcile(sql), [{ user_id: id, healed: "created" }]);
    assertEquals((await profile(sql, id))?.username, email);
    assertEquals(await reconcile(sql), []);
  },
);

sqlTest(
  "profiles that refuse every row block no change of address, ban or login; reconcile catches up",
  async (sql) => {
    const email = address();
    const id = await signUp(sql, { email });
    await sound(sql);
    await sql.script(
      "alter table public.profiles add constraint broken check (name = 'nobody') not valid",
    );
    const next = address();
    await sql.query(
      "update auth.users set email = $2, banned_until = $3::text::timestamptz where id = $1",
      [id, next, FAR],
    );
    await sql.query(
      "update auth.users set last_sign_in_at = now() where id = $1",
      [id],
    );
    assertEquals((await profile(sql, id))?.email, email);
    assertEquals((await failures(sql, id)).length, 2);

    await sql.script("alter table public.profiles drop constraint broken");
    assertEquals(await reconcile(sql), [
      { user_id: id, healed: "email" },
      { user_id: id, healed: "username" },
      { user_id: id, healed: "is_disabled" },
    ]);
    assertEquals(await profile(sql, id), {
      name: email.split("@")[0] ?? "",
      username: next,
      email: next,
      is_disabled: true,
    });
    assertEquals(await reconcile(sql), []);
  },
);

sqlTest(
  "a ban takes effect even where the new address clashes",
  async (sql) => {
    const id = await signUp(sql, { email: address() });
    const other = await signUp(sql, { email: address() });
    const wanted = address();
    await sql.query("update public.profiles set email = $2 where id = $1", [
      other,
      wanted,
    ]);
    await sql.query(
      "update auth.users set email = $2, banned_until = $3::text::timestamptz where id = $1",
      [id, wanted, FAR],
    );
    assertEquals((await profile(sql, id))?.is_disabled, true);
    assertEquals(await failures(sql, id), ["sync_auth_to_profiles 23505"]);
  },
);

sqlTest(
  "reconcile exchanges two addresses that stand the wrong way round",
  async (sql) => {
    await sound(sql);
    const [a, b] = [address(), address()];
    const first = await signUp(sql, { email: a });
    const second = await signUp(sql, { email: b });
    await sql.query(
      "update public.profiles set email = null, username = null where id in ($1, $2)",
      [first, second],
    );
    await sql.query(
      "update public.profiles set email = $2, username = $2 where id = $1",
      [first, b],
    );
    await sql.query(
      "update public.profiles set email = $2, username = $2 where id = $1",
      [second, a],
    );
    assertEquals((await reconcile(sql)).length, 4);
    assertEquals((await profile(sql, first))?.username, a);
    assertEquals((await profile(sql, second))?.email, b);
    assertEquals(await reconcile(sql), []);
  },
);

sqlTest(
  "a single sign-on user may share an address: the profile of the other one shows it",
  async (sql) => {
    await sound(sql);
    const email = address();
    const plain = await signUp(sql, { email });
    const sso = await signUp(sql, { email, isSso: true });
    assertEquals((await profile(sql, plain))?.email, email);
    assertEquals((await profile(sql, sso))?.email, null);
    assertEquals(await reconcile(sql), []);
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
  "a ban counts until the instant it ends, and lift_lapsed_bans then clears the flag",
  async (sql) => {
    const id = await signUp(sql, { email: address() });
    const stays = await signUp(sql, { email: address(), bannedUntil: FAR });
    await sql.query(
      "update auth.users set banned_until = $2::text::timestamptz where id = $1",
      [id, NOW],
    );
    await sql.query(
      "update public.profiles set is_disabled = true where id = $1",
      [id],
    );
    const disabled = (now: string) =>
      value(sql, "select private.is_disabled($1, $2::text::timestamptz)", [
        id,
        now,
      ]);

    assertEquals(await disabled(EARLIER), true);
    assertEquals(await disabled(NOW), false);
    assertEquals(await disabled(LATER), false);

    await sql.query("select private.lift_lapsed_bans($1::text::timestamptz)", [
      EARLIER,
    ]);
    assertEquals((await profile(sql, id))?.is_disabled, true);
    await sql.query("select private.lift_lapsed_bans($1::text::timestamptz)", [
      NOW,
    ]);
    assertEquals((await profile(sql, id))?.is_disabled, false);
    assertEquals((await profile(sql, stays))?.is_disabled, true);
    assertEquals(
      await value(
        sql,
        "select private.lift_lapsed_bans($1::text::timestamptz)",
        [NOW],
      ),
      0,
    );
  },
);

sqlTest("nobody unknown is disabled", async (sql) => {
  assertEquals(
    await value(sql, "select private.is_disabled(gen_random_uuid())"),
    false,
  );
});

sqlTest("a recorded failure names no address", async (sql) => {
  await sql.query(
    "select private.record_trigger_failure('t', null, 'XX000', 'cannot mail <ana.o''brien@example.com>, (x@y.z)')",
  );
  assertEquals(
    await value(
      sql,
      "select message from private.trigger_failures where source = 't' order by id desc limit 1",
    ),
    "cannot mail <[address]>, ([address])",
  );
});

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
