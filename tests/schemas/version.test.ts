import { assertEquals } from "@std/assert";
import { versionAfter } from "../../tasks/migration/version.ts";

Deno.test("a migration's version is its time in UTC, off the round second, after the newest", () => {
  const at = (now: string, newest = "20260401120000") =>
    versionAfter(newest, new Date(now));
  assertEquals(at("2026-05-01T09:13:17+02:00"), "20260501071317");
  assertEquals(at("2026-05-01T09:13:00Z"), "20260501091307");
  assertEquals(at("2026-01-01T00:00:00Z"), "20260401120001");
  assertEquals(at("2026-01-01T00:00:00Z", "20261231235959"), "20270101000007");
});
