import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "no-relationship";

Deno.test("no-relationship: no key between two tables", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("organisations").select("tags(label)");`,
    ),
    [
      "1:40 no foreign key joins organisations and tags",
    ],
  );
});

Deno.test("no-relationship: a key to auth.users", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("user_roles").select("user_id(name)");
await db.from("enrolments").select("profiles!client_user_id(name)");`,
    ),
    [
      "1:37 user_roles.user_id refers to auth.users, which cannot be embedded",
      '2:46 no relationship of enrolments with profiles is known by "client_user_id" -> client_id',
    ],
  );
});

Deno.test("no-relationship: a relation that is not there, with the nearest that is related", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("modules").select("program(name)");`,
    ),
    [
      '1:34 modules has no relationship "program" -> programs',
    ],
  );
});

Deno.test("no-relationship: a misspelling is certain, and keeps its name in the result", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("modules").select("progams(name)");
await db.from("modules").select("p:progams(name), ...progams(id)");`,
    ),
    [
      '1:34 modules has no relationship "progams" => progams:programs',
      '2:36 modules has no relationship "progams" => programs',
      '2:54 modules has no relationship "progams" => programs',
    ],
  );
});

Deno.test("no-relationship: a hint that names none, with the nearest", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("profiles!programs_owner_fkey(name)");`,
    ),
    [
      '1:44 no relationship of programs with profiles is known by "programs_owner_fkey" => programs_owner_id_fkey',
    ],
  );
});

Deno.test("no-relationship: a path to what is not embedded, with the nearest that is", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("modules").select("programs(name)").eq("program.name", "x");
await db.from("modules").select("id").eq("programs.name", "x");`,
    ),
    [
      '1:55 the select string embeds no "program" in modules => programs',
      '2:43 the select string embeds no "programs" in modules',
    ],
  );
});

Deno.test("no-relationship: nothing is said where the select string is not known", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("modules").select(columns).eq("programs.name", "x");`,
    ),
    [],
  );
});

Deno.test("no-relationship: a function's record embeds nothing", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("usage_report", { p_from: "2026-01-01" }).select("programs(name)");`,
    ),
    [
      "1:64 usage_report returns no table's rows, so that nothing can be embedded",
    ],
  );
});
