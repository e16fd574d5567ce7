import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "ambiguous-relationship";

Deno.test("ambiguous-relationship: two keys to one table, with the ways to tell them apart", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("profiles(name)");
await db.from("profiles").select("programs(name)");`,
    ),
    [
      "1:35 programs and profiles are related in 2 ways: write profiles!programs_owner_id_fkey or profiles!programs_reviewer_id_fkey",
      "2:35 profiles and programs are related in 2 ways: write programs!programs_owner_id_fkey or programs!programs_reviewer_id_fkey",
    ],
  );
});

Deno.test("ambiguous-relationship: a hint tells them apart", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("profiles!owner_id(name)");
await db.from("programs").select("profiles!programs_reviewer_id_fkey(name)");`,
    ),
    [],
  );
});
