import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "ambiguous-function";

Deno.test("ambiguous-function: two forms that names do not tell apart", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("add_points", { p_user: id, p_points: 5 });`,
    ),
    [
      "1:15 the arguments fit add_points(p_user uuid, p_points integer) and add_points(p_user uuid, p_points text) alike",
    ],
  );
});

Deno.test("ambiguous-function: two forms that they do", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("find_tag", { p_label: "x" });
await db.rpc("find_tag", { ...rest });`,
    ),
    [],
  );
});
