import { assert, assertEquals } from "@std/assert";
import {
  auditOf,
  mailKeysTo,
  outcome,
  post,
  profileOf,
} from "../support/identity.ts";
import { createPerson, disable, uniqueEmail } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { postgresTest } from "../support/sql.ts";
import { anonClient, secretClient } from "../support/stack.ts";

const act = (token: string | undefined, userId: string, action?: string) =>
  post("delete-user", { userId, action }, token);

Deno.test("delete-user disables: ban, flag and the end of the sessions, and enables again", async () => {
  const admin = await createPerson({ role: "admin" });
  const person = await createPerson();
  const disabled = await act(admin.token, person.id, "disable");
  assertEquals([disabled.status, disabled.body], [200, {
    success: true,
    message: "User disabled successfully",
  }]);
  assertEquals((await profileOf(person.id)).is_disabled, true);
  const refused = await anonClient().auth.signInWithPassword(person);
  assertEquals(refused.error?.code, "user_banned");

  const enabled = await act(admin.token, person.id, "enable");
  assertEquals([enabled.status, enabled.body.message], [
    200,
    "User enabled successfully",
  ]);
  assertEquals((await profileOf(person.id)).is_disabled, false);
  const allowed = await anonClient().auth.signInWithPassword(person);
  assertEquals(allowed.error, null);
  assertEquals(
    (await person.client.auth.refreshSession()).error?.status,
    400,
    "the session from before has ended",
  );

  assertEquals(
    (await auditOf(person.id)).map(({ act, actor_id }) => [act, actor_id]),
    [
      "disable_user asked",
      "disable_user done",
      "enable_user asked",
      "enable_user done",
    ].map((line) => [line, admin.id]),
  );
  assertEquals(await mailKeysTo(person.email), []);
});

Deno.test("delete-user does nothing for an action that it does not know, or none", async () => {
  const admin = await createPerson({ role: "admin" });
  const person = await createPerson();
  for (const action of [undefined, "", "Delete", "remove", "ban"]) {
    assertEquals(outcome(await act(admin.token, person.id, action)), [
      400,
      "invalid_request",
    ]);
  }
  for (const userId of ["", "me", `${person.id}x`]) {
    assertEquals(outcome(await act(admin.token, userId, "delete")), [
      400,
      "invalid_request",
    ]);
  }
  const { data } = await secretClient().auth.admin.getUserById(person.id);
  assertEquals(data.user?.banned_until, undefined);
  assertEquals(await auditOf(person.id), []);
});

Deno.test("delete-user is for admins, signed in and not disabled", async () => {
  const person = await createPerson();
  for (const role of ["client", "coach", "instructor"] as const) {
    const caller = await createPerson({ role });
    const answer = await act(caller.token, person.id, "delete");
    assertEquals(outcome(answer), [403, "forbidden"]);
    assertEquals(answer.body.error, "Forbidden: Admin access required");
  }
  assertEquals(outcome(await act(undefined, person.id, "delete")), [
    401,
    "unauthorized",
  ]);
  const disabled = await createPerson({ role: "admin" });
  await disable(disabled);
  assertEquals(outcome(await act(disabled.token, person.id, "delete")), [
    403,
    "account_disabled",
  ]);
  const gone = await createPerson({ role: "admin" });
  await gone.client.auth.signOut();
  assertEquals(outcome(await act(gone.token, person.id, "delete")), [
    401,
    "unauthorized",
  ]);
  assertEquals((await profileOf(person.id)).email, person.email);
});

Deno.test("delete-user refuses the own account and one that is not there", async () => {
  const admin = await createPerson({ role: "admin" });
  for (const action of ["delete", "disable", "enable"]) {
    assertEquals(outcome(await act(admin.token, admin.id, action)), [
      400,
      "own_account",
    ]);
    assertEquals(
      outcome(await act(admin.token, crypto.randomUUID(), action)),
      [404, "not_found"],
    );
  }
});

Deno.test("delete-user takes 10 a minute of an admin, and what is malformed does not count", async () => {
  const admin = await createPerson({ role: "admin" });
  for (let n = 0; n < 12; n++) await act(admin.token, "me", "delete");
  for (let n = 0; n < 10; n++) {
    const { status } = await act(admin.token, crypto.randomUUID(), "enable");
    assertEquals(status, 404);
  }
  const person = await createPerson();
  const answer = await act(admin.token, person.id, "delete");
  assertEquals(outcome(answer), [429, "rate_limited"]);
  const wait = Number(answer.headers.get("Retry-After"));
  assert(wait > 0 && wait <= 60, String(wait));
  const other = await createPerson({ role: "admin" });
  assertEquals((await act(other.token, person.id, "delete")).status, 200);
});

Deno.test("delete-user deletes a user for good: the address is free at once", async () => {
  const admin = await createPerson({ role: "admin" });
  const person = await createPerson();
  const answer = await act(admin.token, person.id, "delete");
  assertEquals(answer.status, 200);
  assertEquals(answer.body.message, "User deleted successfully");
  assertEquals(answer.body.left_behind, {});
  const { error } = await secretClient().auth.admin.getUserById(person.id);
  assertEquals(error?.status, 404);
  const next = await createPerson({ email: person.email });
  assertEquals((await profileOf(next.id)).username, person.email);
  assertEquals((await auditOf(person.id)).map(({ act }) => act), [
    "delete_user done",
  ]);
});

Deno.test("an admin may delete another one", async () => {
  const [admin, other] = [
    await createPerson({ role: "admin" }),
    await createPerson({ role: "admin" }),
  ];
  assertEquals((await act(admin.token, other.id, "delete")).status, 200);
  assertEquals(outcome(await act(other.token, admin.id, "delete")), [
    403,
    "account_disabled",
  ]);
});

for (const action of ["delete", "disable"]) {
  postgresTest(
    `two admins who ${action} each other at once: one stays`,
    async () => {
      for (let round = 0; round < 5; round++) {
        const [a, b] = [
          await createPerson({ role: "admin" }),
          await createPerson({ role: "admin" }),
        ];
        const answers = await Promise.all([
          act(a.token, b.id, action),
          act(b.token, a.id, action),
        ]);
        assertEquals(
          answers.map(({ status }) => status === 200).sort(),
          [false, true],
        );
        const roles = must(
          await secretClient().from("user_roles").select("user_id")
            .in("user_id", [a.id, b.id]).eq("role", "admin"),
        );
        const enabled = await Promise.all(
          roles.map(async ({ user_id }) =>
            !(await profileOf(user_id)).is_disabled
          ),
        );
        assertEquals(enabled.filter(Boolean).length, 1);
      }
    },
  );
}

postgresTest(
  "a ban that Auth refuses leaves the user as before",
  async (sql) => {
    const admin = await createPerson({ role: "admin" });
    const person = await createPerson({ email: uniqueEmail("unbannable") });
    await sql.unsafe(`
      create or replace function public.test_unbannable() returns trigger language plpgsql as
        'begin raise exception ''unbannable''; end';
      create or replace trigger test_unbannable before update on auth.users for each row
        when (new.email like 'unbannable%' and new.banned_until is not null)
        execute function public.test_unbannable()`);
    try {
      assertEquals(outcome(await act(admin.token, person.id, "disable")), [
        500,
        "internal_error",
      ]);
    } finally {
      await sql.unsafe("drop function public.test_unbannable cascade");
    }
    assertEquals((await profileOf(person.id)).is_disabled, false);
    assertEquals((await person.client.auth.refreshSession()).error, null);
    assertEquals((await auditOf(person.id)).map(({ act }) => act), [
      "disable_user asked",
    ]);
  },
);
