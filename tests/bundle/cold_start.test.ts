import { assert, assertEquals, assertRejects } from "@std/assert";
import { StackError } from "../../stack/errors.ts";
import { measureColdStarts } from "../../tasks/bundle/cold_start.ts";

/** Measures functions of these texts, by name, for one round. */
async function measured(texts: Record<string, string>) {
  const folder = await Deno.makeTempDir();
  const rounds: string[] = [];
  try {
    const paths = await Promise.all(
      Object.entries(texts).map(async ([name, text]) => {
        const path = `${folder}/${name}.js`;
        await Deno.writeTextFile(path, text);
        return [name, path] as const;
      }),
    );
    const starts = await measureColdStarts(
      new Map(paths),
      (done, total) => rounds.push(`${done} of ${total}`),
      1,
    );
    return { starts, rounds };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("each function is measured, and an empty one with it", async () => {
  const serves = "export default { fetch: () => new Response() };";
  const { starts, rounds } = await measured({ one: serves, two: serves });
  assertEquals([...starts.keys()], ["one", "two"]);
  for (const { own, empty } of starts.values()) assert(own > 0 && empty > 0);
  assertEquals(rounds, ["1 of 1"]);
});

Deno.test("a function that does not load has no cold start", async () => {
  await assertRejects(
    () => measured({ broken: `throw new Error("does not load");` }),
    StackError,
    "broken.js does not start",
  );
});
