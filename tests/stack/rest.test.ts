// drift-ignore-file unknown-table: speaks to a database of its own, made by rest.sql
// drift-ignore-file unknown-function: speaks to a database of its own, made by rest.sql
// drift-ignore-file untyped-client: speaks to a database of its own, made by rest.sql
// drift-ignore-file ignored-error: the whole data is compared, which is null after an error
import { assert, assertEquals } from "@std/assert";
import { PUBLISHABLE_KEY, SECRET_KEY } from "../../stack/keys.ts";
import { type ScratchStack, scratchStack } from "./scratch.ts";

const MIGRATION = await Deno.readTextFile(
  new URL("rest.sql", import.meta.url),
);

let stack: ScratchStack;

Deno.test.beforeAll(async () => {
  stack = await scratchStack({
    "migrations/20260101000000_things.sql": MIGRATION,
  });
});
Deno.test.afterAll(() => stack.stop());

/** The tests' clients keep no timers or sockets that matter; the stack is shared. */
const SHARED = { sanitizeOps: false, sanitizeResources: false };

async function signedIn() {
  const email = `${crypto.randomUUID()}@example.com`;
  const client = stack.client("publishable");
  const { data, error } = await client.auth.signUp({
    email,
    password: "long-enough",
  });
  assertEquals(error, null);
  return { client, email, id: data.user?.id };
}

Deno.test(
  "a missing table grant refuses a visitor with 401 and a user with 403, both 42501",
  SHARED,
  async () => {
    const visitor = await stack.client("publishable").from("ungranted")
      .select();
    assertEquals([visitor.status, visitor.error?.code], [401, "42501"]);
    const { client } = await signedIn();
    const user = await client.from("ungranted").select();
    assertEquals([user.status, user.error?.code], [403, "42501"]);
  },
);

Deno.test(
  "column grants hold: what was not granted can be neither read nor written",
  SHARED,
  async () => {
    const { client } = await signedIn();
    const granted = await client.from("things").select("id, name").eq("id", 1);
    assertEquals(granted.data, [{ id: 1, name: "one" }]);
    const read = await client.from("things").select("secret");
    assertEquals([read.status, read.error?.code], [403, "42501"]);
    const renamed = await client.from("things").update({ name: "uno" } as never)
      .eq("id", 1);
    assertEquals(renamed.error, null);
    const wrote = await client.from("things").update({ secret: "x" } as never)
      .eq("id", 1);
    assertEquals([wrote.status, wrote.error?.code], [403, "42501"]);
  },
);

Deno.test(
  "values come as PostgREST writes them: ISO times, numbers for numeric",
  SHARED,
  async () => {
    const { data } = await stack.client("secret").from("things").select(
      "price, at",
    ).single();
    assertEquals<unknown>(data, {
      price: 10,
      at: "2026-11-22T17:05:02.262+00:00",
    });
  },
);

const STATUSES: [state: string, status: number][] = [
  ["P0001", 400],
  ["P0002", 500],
  ["22023", 400],
  ["23514", 400],
  ["23505", 409],
  ["23503", 409],
  ["28000", 403],
  ["40001", 500],
  ["53300", 503],
  ["53400", 500],
  ["55P03", 500],
  ["57014", 500],
  ["42P01", 404],
  ["SB001", 400],
];

for (const [state, status] of STATUSES) {
  Deno.test(
    `SQLSTATE ${state} answers ${status} with message, details and hint`,
    SHARED,
    async () => {
      const answer = await stack.client("secret").rpc(
        "fail",
        { p_state: state } as never,
      );
      assertEquals([answer.status, answer.error?.code, answer.error?.message], [
        status,
        state,
        "refused",
      ]);
      assertEquals([answer.error?.details, answer.error?.hint], [
        "a detail",
        "a hint",
      ]);
    },
  );
}

Deno.test(
  "constraints refuse: 23505 with 409, 23514 and 23502 with 400",
  SHARED,
  async () => {
    const things = () => stack.client("secret").from("things");
    const insert = async (row: Record<string, unknown>) => {
      const { status, error } = await things().insert(row as never);
      return [status, error?.code];
    };
    assertEquals(await insert({ id: 1, name: "again" }), [409, "23505"]);
    assertEquals(await insert({ id: 2, name: "" }), [400, "23514"]);
    assertEquals(await insert({ id: 2 }), [400, "23502"]);
  },
);

Deno.test(
  "what does not exist: table 404 PGRST205, function 404 PGRST202, column 400 42703",
  SHARED,
  async () => {
    const secret = stack.client("secret");
    const table = await secret.from("nothing").select();
    assertEquals([table.status, table.error?.code], [404, "PGRST205"]);
    const rpc = await secret.rpc("nothing");
    assertEquals([rpc.status, rpc.error?.code], [404, "PGRST202"]);
    const column = await secret.from("things").select("nothing");
    assertEquals([column.status, column.error?.code], [400, "42703"]);
  },
);

Deno.test(
  "a request without a key, or with a wrong one, is refused with 401",
  SHARED,
  async () => {
    const statusOf = async (headers: HeadersInit) => {
      const response = await fetch(`${stack.url}/rest/v1/things`, { headers });
      await response.body?.cancel();
      return response.status;
    };
    assertEquals(await statusOf({}), 401);
    assertEquals(await statusOf({ apikey: "sb_secret_wrong" }), 401);
  },
);

Deno.test(
  "policies see the caller: role, id and e-mail of the token",
  SHARED,
  async () => {
    const { client, email, id } = await signedIn();
    const user = await client.rpc("whoami");
    assertEquals<unknown>(user.data, { role: "authenticated", uid: id, email });
    const visitor = await stack.client("publishable").rpc("whoami");
    assertEquals<unknown>(visitor.data, {
      role: "anon",
      uid: null,
      email: null,
    });
  },
);

Deno.test(
  "an anonymous visitor signs in, is a user without an address, and can come back",
  SHARED,
  async () => {
    const client = stack.client("publishable");
    const { data, error } = await client.auth.signInAnonymously({
      options: { data: { from: "landing" } },
    });
    assertEquals(error, null);
    const user = data.user;
    assertEquals([user?.is_anonymous, user?.email, user?.user_metadata], [
      true,
      "",
      {
        from: "landing",
      },
    ]);
    const whoami = await client.rpc("whoami");
    assertEquals<unknown>(whoami.data, {
      role: "authenticated",
      uid: user?.id,
      email: "",
    });
    const refreshed = await client.auth.refreshSession();
    assertEquals([refreshed.error, refreshed.data.user?.is_anonymous], [
      null,
      true,
    ]);
    assertEquals((await client.auth.getUser()).data.user?.is_anonymous, true);
  },
);

Deno.test(
  "a trigger on auth.users that raises refuses the sign-up as GoTrue does",
  SHARED,
  async () => {
    const refusal = async (path: string, key: string) => {
      const response = await fetch(`${stack.url}/auth/v1/${path}`, {
        method: "POST",
        headers: { apikey: key, "content-type": "application/json" },
        body: JSON.stringify({
          email: "mallory@example.com",
          password: "long-enough",
        }),
      });
      return await response.json();
    };
    const failed = { code: 500, error_code: "unexpected_failure" };
    assertEquals(await refusal("signup", PUBLISHABLE_KEY), {
      ...failed,
      msg: "Database error saving new user",
    });
    assertEquals(await refusal("admin/users", SECRET_KEY), {
      ...failed,
      msg: "Database error creating new user",
    });
  },
);

Deno.test(
  "requests at the same time keep their roles apart",
  SHARED,
  async () => {
    const { client } = await signedIn();
    const clients = [
      ["anon", stack.client("publishable")],
      ["authenticated", client],
      ["service_role", stack.client("secret")],
    ] as const;
    const roles = await Promise.all(
      Array.from({ length: 30 }, async (_, at) => {
        const [role, caller] = clients[at % 3] ?? clients[0];
        const { data } = await caller.rpc("slow_role");
        return data === role;
      }),
    );
    assertEquals(roles.filter((same) => !same), []);
  },
);

Deno.test(
  "a table that is added while the stack runs is served",
  SHARED,
  async () => {
    assertEquals((await stack.client("secret").rpc("add_table")).error, null);
    const deadline = Date.now() + 5_000;
    let status = 0;
    while (status !== 200 && Date.now() < deadline) {
      ({ status } = await stack.client("publishable").from("added").select());
    }
    assertEquals(status, 200);
  },
);

Deno.test(
  "refusals stay off the log, what is the server's fault is on it",
  SHARED,
  async () => {
    const log = await stack.log();
    assert(!log.includes("42501"), log);
    assert(!log.includes("23505"), log);
    assert(!log.includes("PGRST205"), log);
    assert(log.includes("40001"), log);
  },
);
