import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import { anonClient, api } from "../support/stack.ts";
import {
  address,
  admin,
  createUser,
  request,
  SHARED,
  signIn,
} from "./admin.ts";

Deno.test(
  "updateUserById changes address, identity and metadata; null removes a key",
  SHARED,
  async () => {
    const { id } = await createUser({
      user_metadata: { keep: 1, drop: 2 },
      app_metadata: { a: 1 },
    });
    const email = address();
    const { data, error } = await admin().updateUserById(id, {
      email,
      email_confirm: true,
      user_metadata: { drop: null, add: 3 },
      app_metadata: { b: 2 },
    });
    assertEquals(error, null);
    assertEquals(data.user?.email, email);
    assertEquals(data.user?.identities?.[0]?.identity_data?.email, email);
    assertEquals(data.user?.user_metadata, {
      keep: 1,
      add: 3,
      email_verified: true,
    });
    assertEquals(data.user?.app_metadata, {
      provider: "email",
      providers: ["email"],
      a: 1,
      b: 2,
    });
    assertEquals((await signIn(email)).error, null);
  },
);

Deno.test(
  "updateUserById sets a password, which ends every session",
  SHARED,
  async () => {
    const { id, email } = await createUser();
    const { client } = await signIn(email);
    const weak = await admin().updateUserById(id, { password: "short" });
    assertEquals([weak.error?.status, weak.error?.code], [
      422,
      "weak_password",
    ]);
    assertEquals(
      (await admin().updateUserById(id, { password: "another one" })).error,
      null,
    );
    assertEquals((await signIn(email)).error?.code, "invalid_credentials");
    assertEquals((await signIn(email, "another one")).error, null);
    assertNotEquals((await client.auth.refreshSession()).error, null);
  },
);

Deno.test(
  "a ban refuses sign-in and refresh with 400 user_banned until it is lifted",
  SHARED,
  async () => {
    const { id, email } = await createUser();
    const { client } = await signIn(email);
    const banned = await admin().updateUserById(id, {
      ban_duration: "876000h",
    });
    const until = Reflect.get(banned.data.user ?? {}, "banned_until");
    const hours = (Date.parse(String(until)) - Date.now()) / 3_600_000;
    assertEquals(Math.round(hours), 876_000);
    const refused = await signIn(email);
    assertEquals([refused.error?.status, refused.error?.code], [
      400,
      "user_banned",
    ]);
    const wrong = await signIn(email, "a wrong password");
    assertEquals(wrong.error?.code, "user_banned");
    const refresh = await client.auth.refreshSession();
    assertEquals([refresh.error?.status, refresh.error?.code], [
      400,
      "user_banned",
    ]);
    const lifted = await admin().updateUserById(id, { ban_duration: "none" });
    assertEquals(
      Reflect.get(lifted.data.user ?? {}, "banned_until"),
      undefined,
    );
    assertEquals((await signIn(email)).error, null);
  },
);

Deno.test("a ban that has run out does not refuse", SHARED, async () => {
  const { id, email } = await createUser();
  await admin().updateUserById(id, { ban_duration: "1ms" });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals((await signIn(email)).error, null);
});

Deno.test(
  "deleteUser removes the user and its sessions; the address is free again",
  SHARED,
  async () => {
    const { id, email } = await createUser();
    const { client } = await signIn(email);
    assertEquals((await admin().deleteUser(id)).error, null);
    assertEquals((await admin().getUserById(id)).error?.code, "user_not_found");
    assertEquals((await client.auth.getUser()).error?.code, "user_not_found");
    assertEquals((await signIn(email)).error?.code, "invalid_credentials");
    await createUser({ email });
  },
);

Deno.test(
  "a soft delete keeps the row and makes it nobody's",
  SHARED,
  async () => {
    const phone = `6${Date.now()}`;
    const { id, email } = await createUser({
      phone,
      user_metadata: { name: "Ana" },
    });
    const { client } = await signIn(email);
    assertEquals((await admin().deleteUser(id, true)).error, null);
    const { data } = await admin().getUserById(id);
    const user = data.user;
    assertMatch(user?.email ?? "", /^[\w-]{43}$/);
    assertMatch(user?.phone ?? "", /^[\w-]{15}$/);
    assertEquals([user?.user_metadata, user?.app_metadata], [{}, {}]);
    assertEquals(user?.identities?.map(({ identity_data }) => identity_data), [
      {},
      {},
    ]);
    assert(Reflect.get(user ?? {}, "deleted_at"));
    assertNotEquals((await client.auth.refreshSession()).error, null);
    assertEquals((await signIn(email)).error?.code, "invalid_credentials");
    assertEquals((await admin().deleteUser(id, true)).error, null);
    await createUser({ email, phone });
  },
);

Deno.test(
  "listUsers pages from the newest on and counts them all",
  SHARED,
  async () => {
    const { id: older } = await createUser();
    const { id: newer } = await createUser();
    const { data, error } = await admin().listUsers({ page: 1, perPage: 100 });
    assertEquals(error, null);
    // other tests make users at the same time
    const ids = data.users.map(({ id }) => id);
    assertEquals(ids.filter((id) => id === older || id === newer), [
      newer,
      older,
    ]);
    const { headers } = await request("GET", "users?page=1&per_page=1");
    const total = Number(headers.get("x-total-count"));
    assertEquals(
      headers.get("link"),
      `</admin/users?page=2&per_page=1>; rel="next", </admin/users?page=${total}&per_page=1>; rel="last"`,
    );
    const beyond = await admin().listUsers({
      page: total + 10_000,
      perPage: 1,
    });
    assertEquals(beyond.data.users, []);
    const bad = await request("GET", "users?page=x");
    assertEquals([bad.status, bad.body.error_code], [400, "validation_failed"]);
  },
);

Deno.test("the admin API is closed to everyone else", SHARED, async () => {
  const visitor = await anonClient().auth.admin.listUsers();
  assertEquals([visitor.error?.status, visitor.error?.code], [
    403,
    "not_admin",
  ]);
  const { email } = await createUser();
  const { client } = await signIn(email);
  const { data } = await client.auth.getSession();
  const refused = async (headers: HeadersInit) => {
    const { status, body } = await request("GET", "users", { headers });
    return [status, body.error_code];
  };
  const token = data.session?.access_token ?? "";
  const apikey = api.publishableKey;
  assertEquals(await refused({ apikey, authorization: `Bearer ${token}` }), [
    403,
    "not_admin",
  ]);
  assertEquals(await refused({ apikey, authorization: `Bearer ${token}x` }), [
    403,
    "bad_jwt",
  ]);
  assertEquals(await refused({}), [401, undefined]);
  assertEquals(await refused({ apikey: "sb_secret_wrong" }), [401, undefined]);
});
