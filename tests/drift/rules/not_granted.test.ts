import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "not-granted";

Deno.test("not-granted: a table, a column, all columns and a function", async () => {
  assertEquals(
    await judged(
      RULE,
      `await web.from("user_roles").insert({ user_id: id, role: "admin" });
await web.from("payments").select("id, currency").limit(1);
await web.from("payments").select().limit(1);
await web.rpc("purge");`,
    ),
    [
      "1:17 anon and authenticated may not insert user_roles",
      "2:40 anon and authenticated may not select payments.currency",
      "3:28 anon and authenticated may not select all of payments: not currency, stripe_session, refunded, paid_at",
      "4:16 anon and authenticated may not execute purge()",
    ],
  );
});

Deno.test("not-granted: an embed", async () => {
  assertEquals(
    await judged(
      RULE,
      `await web.from("enrolments").select("id, payments(paid_at)");`,
    ),
    [
      "1:51 anon and authenticated may not select payments.paid_at",
    ],
  );
});

Deno.test("not-granted: writes by their columns", async () => {
  assertEquals(
    await judged(
      RULE,
      `await web.from("profiles").update({ name: "x", is_disabled: true }).eq("id", id);`,
    ),
    [
      "1:48 anon and authenticated may not update profiles.is_disabled",
    ],
  );
});

Deno.test("not-granted: the server may, and of a client whose role is not known nothing is said", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("payments").select("*").limit(1);
async function f(client: SupabaseClient) { await client.from("payments").select("*").limit(1); }`,
    ),
    [],
  );
});
