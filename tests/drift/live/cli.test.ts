import { assertEquals, assertStringIncludes } from "@std/assert";
import { postgresTest } from "../../support/sql.ts";
import { drift, onEmptyDatabase } from "../running.ts";

Deno.test("--live with a server that is not there, or another format, cannot run", async () => {
  const url = "postgresql://postgres@127.0.0.1:1/postgres";
  const away = await drift("--live", url);
  assertEquals([away.code, away.stdout], [2, ""]);
  const { code, stderr } = await drift("--live", url, "--format", "sarif");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "text or json");
});

postgresTest(
  "--live with an empty database reports all as missing, and fails",
  (server) =>
    onEmptyDatabase(server, async (empty) => {
      const same = await drift("--live", empty, "--db", empty);
      assertEquals(
        [same.code, same.stdout],
        [0, "0 missing, 0 extra, 0 different\n"],
      );
      const all = await drift("--live", empty);
      assertEquals(all.code, 1);
      assertStringIncludes(all.stdout, "missing table public.profiles");
    }),
);
