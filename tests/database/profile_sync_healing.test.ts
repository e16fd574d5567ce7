import { assertEquals } from "@std/assert";
import { type Session, sqlTest, value } from "../support/sql.ts";
import {
  address,
  failures,
  FAR,
  NOW,
  profile,
  reconcile,
  signUp,
} from "./profile_sync_users.ts";

const EARLIER = "2026-03-24T11:00:00Z";
const LATER = "2026-03-24T13:00:00Z";

/** Starts from a sound database, whatever other tests have left behind. */
async function sound(sql: Session): Promise<void> {
  await reconcile(sql);
}

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
