import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "unknown-table";

Deno.test("unknown-table: a table that is not there, with the nearest", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("profile").select("id");
await db.from("client_sessions").select("id");
await db.from("wheel").select("id");`,
    ),
    [
      '1:16 there is no table or view "profile" => profiles',
      '2:16 there is no table or view "client_sessions" -> sessions',
      '3:16 there is no table or view "wheel"',
    ],
  );
});

Deno.test("unknown-table: two near names leave it open which is meant", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs_tags").select("*");
await db.from("sessions_guests").select("*");`,
    ),
    [
      '1:16 there is no table or view "programs_tags" -> program_tags',
      '2:16 there is no table or view "sessions_guests" -> session_guests',
    ],
  );
});

Deno.test("unknown-table: a function is told apart", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("ping").select("*");`,
    ),
    [
      '1:16 "ping" is a function, which .rpc() calls, and no table or view',
    ],
  );
});

Deno.test("unknown-table: every side of a choice is judged", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from(flag ? "tags" : "labels").select("id");`,
    ),
    [
      '1:32 there is no table or view "labels"',
    ],
  );
});

Deno.test("unknown-table: a name at run time is not judged", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from(table).select("id");
await db.from(\`t_\${table}\`).select("id");`,
    ),
    [],
  );
});
