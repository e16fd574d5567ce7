import { assert, assertEquals } from "@std/assert";
import { sqlTest } from "../support/sql.ts";
import { givenWorld } from "./columns/world.ts";
import { readCalls, readRefused } from "./webapp/calls.ts";
import { make } from "./webapp/make.ts";

sqlTest(
  "what the web app writes and calls is permitted, or docs/frontend-fixes.md says what replaces it",
  async (sql) => {
    await sql.script(
      await Deno.readTextFile(
        new URL("columns/attempts.sql", import.meta.url),
      ),
    );
    const world = await givenWorld(sql);
    const refused: string[] = [];
    for (const call of await readCalls()) {
      const outcome = await make(sql, world, call);
      if (outcome !== "taken") {
        refused.push(call.line);
        if (Deno.env.get("UPDATE_COLUMNS") === "1") {
          console.log(`${outcome.padEnd(9)} ${call.line}`);
        }
      }
    }
    const known = await readRefused();
    assertEquals(refused.sort(), [...known.keys()].sort());
  },
);

Deno.test("every refused call names a page of docs/frontend-fixes.md", async () => {
  const guide = await Deno.readTextFile(
    new URL("../../docs/frontend-fixes.md", import.meta.url),
  );
  const pages = [...guide.matchAll(/^## (.*)$/gm)].map(([, page]) => page);
  for (const [call, page] of await readRefused()) {
    if (page.startsWith("elsewhere: ")) continue;
    assert(pages.includes(page), `${call}: there is no page "${page}"`);
  }
});
