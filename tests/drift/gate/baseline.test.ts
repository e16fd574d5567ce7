import { assertEquals } from "@std/assert";
import {
  baselineOf,
  readBaseline,
  unknownTo,
} from "../../../drift/baseline.ts";
import { judgeCode } from "../../../drift/gate.ts";
import { catalog } from "./catalog.ts";

function judged(text: string) {
  return judgeCode([{ file: "a.ts", text }], catalog).findings
    .filter(({ rule }) => rule === "unknown-column");
}

const use = (column: string) =>
  `supabase.from("profiles").select("${column}");`;

Deno.test("a baseline knows its findings when lines move, and no more of them", async () => {
  const file = await Deno.makeTempFile();
  try {
    const before = judged(`${use("x")}\n${use("x")}\n${use("y")}`);
    await Deno.writeTextFile(file, baselineOf(before));
    const baseline = await readBaseline(file);
    const moved = judged(`\n\n${use("y")}\n\n${use("x")} ${use("x")}`);
    assertEquals(unknownTo(baseline, moved), []);
    const more = judged(`${use("x")}\n${use("x")}\n${use("x")}\n${use("z")}`);
    assertEquals(
      unknownTo(baseline, more).map(({ line, name }) => [line, name]),
      [[3, "x"], [4, "z"]],
    );
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("a baseline is the same text for the same findings in any order", () => {
  const there = judged(`${use("x")}\n${use("y")}`);
  assertEquals(baselineOf(there), baselineOf(there.toReversed()));
});
