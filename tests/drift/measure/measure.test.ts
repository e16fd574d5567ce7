import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { hashOf } from "../../../drift/measure/judgements.ts";
import { table } from "../../../drift/measure/table.ts";
import { runDeno } from "../../support/run_deno.ts";
import { TYPES } from "../gate/catalog.ts";

const MAIN = fileURLToPath(
  new URL("../../../drift/measure/main.ts", import.meta.url),
);

Deno.test("a checkout is measured, and its findings are judged by their hashes alone", async () => {
  const folder = await Deno.makeTempDir({ prefix: "drift-measure-" });
  const run = (...args: string[]) =>
    runDeno([
      "run",
      "-A",
      MAIN,
      "--judgements",
      `${folder}/judgements.json`,
      ...args,
      `${folder}/app`,
    ]);
  try {
    await Deno.mkdir(`${folder}/app/src/types`, { recursive: true });
    await Deno.writeTextFile(
      `${folder}/app/src/types/database.types.ts`,
      TYPES,
    );
    await Deno.writeTextFile(
      `${folder}/app/src/page.tsx`,
      `await supabase.from("profiles").select("nme");
await supabase.from("pets").select("name");`,
    );
    const listed = await run("--list");
    assertEquals(listed.code, 0, listed.stderr);
    const [first, second] = listed.stderr.trim().split("\n")
      .map((line) => line.slice(0, 16));
    assertMatch(listed.stdout, /\| 0 \| 0 \| 2 \| – \|/);
    const judged = await run("--right", first ?? "", "--wrong", second ?? "");
    assertMatch(judged.stdout, /\| 1 \| 1 \| 0 \| 50\.0 % \|/);
    const kept = await Deno.readTextFile(`${folder}/judgements.json`);
    assertEquals(/profiles|nme|page/.test(kept), false);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a hash stays while lines move, and is another for other code", async () => {
  const finding = {
    file: "a.ts",
    line: 1,
    column: 5,
    rule: "unknown-column",
    table: "t",
    name: "x",
    message: "",
    level: "drift",
  } as const;
  const hash = await hashOf(finding, "code(x);");
  assertEquals(await hashOf({ ...finding, line: 3 }, "\n\n  code(x);"), hash);
  assertNotEquals(await hashOf(finding, "code(y);"), hash);
  assertNotEquals(await hashOf({ ...finding, table: "u" }, "code(x);"), hash);
});

Deno.test("several checkouts have a sum", () => {
  const row = {
    by: "types.ts",
    files: 2,
    calls: 3,
    unread: 0,
    milliseconds: 1.4,
    right: 49,
    wrong: 1,
    open: 0,
  };
  assertEquals(
    table([{ root: "a", ...row }, { root: "b", ...row }]).split("\n").at(-1),
    "| all |  | 4 | 6 | 0 | 3 | 98 | 2 | 0 | 98.0 % |",
  );
});
