import { assertEquals } from "@std/assert";
import { watchAll } from "../../../drift/watch.ts";
import { parseOptions } from "../../../drift/options.ts";
import { TYPES } from "./catalog.ts";

const CODE = (column: string) =>
  `import { supabase } from "./client";
await supabase.from("pets").select("id, ${column}");`;

Deno.test("a file that changes is judged again, and the process goes on", async () => {
  const before = Deno.cwd();
  const folder = await Deno.makeTempDir({ prefix: "drift-watch-" });
  await Deno.mkdir(`${folder}/src`);
  await Deno.writeTextFile(`${folder}/types.ts`, TYPES);
  await Deno.writeTextFile(`${folder}/src/pets.ts`, CODE("nme"));
  Deno.chdir(folder);
  const end = new AbortController();
  const said: string[] = [];
  try {
    const { promise, resolve } = Promise.withResolvers<string>();
    const watching = watchAll(
      parseOptions(["--types", "types.ts", "src"]),
      {
        progress: () => {},
        say: (line) => {
          said.push(line);
          // the watch is on a moment after the first verdict
          if (said.length === 1) setTimeout(misspell, 500);
        },
      },
      resolve,
      end.signal,
    );
    const misspell = () =>
      Deno.writeTextFile(`${folder}/src/pets.ts`, CODE("nmee"));
    assertEquals(
      await promise,
      'src/pets.ts:2:41 unknown-column: pets has no column "nmee" — did you mean "nme"?',
    );
    assertEquals(said[0], "0 findings, 1 files, 1 calls, 0 not judged");
    end.abort();
    await watching;
  } finally {
    Deno.chdir(before);
    await Deno.remove(folder, { recursive: true });
  }
});
