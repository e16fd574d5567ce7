import { assertEquals, assertMatch } from "@std/assert";
import {
  address,
  admin,
  createUser,
  NOBODY,
  PASSWORD,
  request,
  SHARED,
  signIn,
} from "./admin.ts";

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
