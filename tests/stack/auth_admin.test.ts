import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import { anonClient, api, secretClient } from "../support/stack.ts";

const SHARED = { sanitizeOps: false, sanitizeResources: false };

const NOBODY = "00000000-0000-4000-8000-0000000000ff";
const PASSWORD = "a long password";

const admin = () => secretClient().auth.admin;

function address(): string {
  return `${crypto.randomUUID()}@example.com`;
}

async function createUser(
  attributes: Parameters<ReturnType<typeof admin>["createUser"]>[0] = {},
) {
  const email = address();
  const { data, error } = await admin().createUser({
    email,
    password: PASSWORD,
    email_confirm: true,
    ...attributes,
  });
  assertEquals(error, null);
  if (!data.user) throw new Error("no user");
  return { email, id: data.user.id, user: data.user };
}

async function signIn(email: string, password = PASSWORD) {
  const client = anonClient();
  const { error } = await client.auth.signInWithPassword({ email, password });
  return { client, error };
}

/** Status, code and message, as GoTrue writes them to a client that asks for no API version. */
async function request(method: string, path: string, init: RequestInit = {}) {
  const response = await fetch(`${api.url}/auth/v1/admin/${path}`, {
    method,
    headers: {
      apikey: api.secretKey,
      authorization: `Bearer ${api.secretKey}`,
    },
    ...init,
  });
  const body = await response.json();
  return { status: response.status, headers: response.headers, body };
}

Deno.test(
  "createUser makes a confirmed user with identity and metadata, who can sign in",
  SHARED,
  async () => {
    const { user, email } = await createUser({
      user_metadata: { name: "Ana" },
      app_metadata: { plan: "pro" },
    });
    assertEquals(user.email, email);
    assertEquals(user.aud, "authenticated");
    assertEquals(user.role, "authenticated");
    assertEquals(user.app_metadata, {
      provider: "email",
      providers: ["email"],
      plan: "pro",
    });
    assertEquals(user.user_metadata, { name: "Ana", email_verified: true });
    assertMatch(user.email_confirmed_at ?? "", /^\d{4}-\d\d-\d\dT.*Z$/);
    const [identity] = user.identities ?? [];
    assertEquals([
      identity?.provider,
      identity?.id,
      identity?.identity_data?.email,
    ], [
      "email",
      user.id,
      email,
    ]);
    assertEquals((await signIn(email)).error, null);
  },
);

Deno.test(
  "createUser without confirmation makes a user who cannot sign in yet",
  SHARED,
  async () => {
    const { user, email } = await createUser({ email_confirm: false });
    assertEquals(user.email_confirmed_at, undefined);
    assertEquals((await signIn(email)).error?.code, "email_not_confirmed");
    await admin().updateUserById(user.id, { email_confirm: true });
    assertEquals((await signIn(email)).error, null);
  },
);

Deno.test(
  "createUser folds the address to lower case and takes an id and a phone number",
  SHARED,
  async () => {
    const id = crypto.randomUUID();
    const phone = `4${Date.now()}`;
    const { user } = await createUser({
      id,
      email: `UPPER.${address()}`,
      phone: `+${phone}`,
    });
    assertEquals([user.id, user.phone], [id, phone]);
    assertEquals(user.email, user.email?.toLowerCase());
    assertEquals(user.identities?.map(({ provider }) => provider).sort(), [
      "email",
      "phone",
    ]);
  },
);

const REFUSED: [
  what: string,
  body: unknown,
  status: number,
  code: string,
  message: RegExp,
][] = [
  [
    "neither e-mail nor phone",
    {},
    400,
    "validation_failed",
    /^Cannot create a user without either/,
  ],
  [
    "a bad e-mail",
    { email: "no" },
    400,
    "validation_failed",
    /invalid format$/,
  ],
  [
    "a bad phone",
    { phone: "no" },
    400,
    "validation_failed",
    /^Invalid phone number format/,
  ],
  [
    "a short password",
    { email: "a@example.com", password: "short" },
    422,
    "weak_password",
    /^Password should be at least \d+ characters/,
  ],
  [
    "a bad ban",
    { email: "b@example.com", ban_duration: "a week" },
    400,
    "validation_failed",
    /^invalid format for ban duration: time: invalid duration "a week"/,
  ],
  [
    "a bad id",
    { email: "c@example.com", id: "7" },
    400,
    "validation_failed",
    /^ID must conform/,
  ],
  [
    "the nil id",
    { email: "d@example.com", id: "00000000-0000-0000-0000-000000000000" },
    400,
    "validation_failed",
    /nil uuid$/,
  ],
  [
    "a wrong type",
    { email: 7 },
    400,
    "bad_json",
    /^Could not parse request body as JSON/,
  ],
];

for (const [what, body, status, code, message] of REFUSED) {
  Deno.test(
    `createUser refuses ${what} with ${status} ${code}`,
    SHARED,
    async () => {
      const answer = await request("POST", "users", {
        body: JSON.stringify(body),
      });
      assertEquals([answer.status, answer.body.code, answer.body.error_code], [
        status,
        status,
        code,
      ]);
      assertMatch(answer.body.msg, message);
      assertEquals(answer.headers.get("x-sb-error-code"), code);
    },
  );
}

Deno.test(
  "createUser refuses an address and a number that are taken with 422",
  SHARED,
  async () => {
    const phone = `5${Date.now()}`;
    const { email } = await createUser({ phone });
    const again = await admin().createUser({
      email: email.toUpperCase(),
      password: PASSWORD,
    });
    assertEquals([again.error?.status, again.error?.code], [
      422,
      "email_exists",
    ]);
    const number = await admin().createUser({ phone, password: PASSWORD });
    assertEquals([number.error?.status, number.error?.code], [
      422,
      "phone_exists",
    ]);
  },
);

Deno.test(
  "getUserById, updateUserById and deleteUser know no stranger: 404 user_not_found",
  SHARED,
  async () => {
    for (
      const { error } of [
        await admin().getUserById(NOBODY),
        await admin().updateUserById(NOBODY, { email: address() }),
        await admin().deleteUser(NOBODY),
      ]
    ) {
      assertEquals([error?.status, error?.code, error?.message], [
        404,
        "user_not_found",
        "User not found",
      ]);
    }
  },
);

Deno.test(
  "an id that is no UUID is refused with 404 validation_failed",
  SHARED,
  async () => {
    const { status, body } = await request("GET", "users/7");
    assertEquals([status, body.error_code, body.msg], [
      404,
      "validation_failed",
      "user_id must be an UUID",
    ]);
  },
);

Deno.test("getUserById gives what createUser gave", SHARED, async () => {
  const { id, user } = await createUser();
  const { data } = await admin().getUserById(id);
  assertEquals(data.user, user);
});

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
    await createUser();
    const { id } = await createUser();
    const { data, error } = await admin().listUsers({ page: 1, perPage: 1 });
    assertEquals(error, null);
    assertEquals(data.users.map((user) => user.id), [id]);
    const { headers } = await request("GET", "users?page=1&per_page=1");
    const total = Number(headers.get("x-total-count"));
    assertEquals(
      headers.get("link"),
      `</admin/users?page=2&per_page=1>; rel="next", </admin/users?page=${total}&per_page=1>; rel="last"`,
    );
    const beyond = await admin().listUsers({ page: total + 1, perPage: 1 });
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
