import { assertEquals } from "@std/assert";
import { LOCAL_DEFAULTS } from "../../stack/defaults.ts";
import { PLATFORM_SETTINGS, SETTINGS } from "../../tasks/deploy/settings.ts";

const NAMES = SETTINGS.map(({ name }) => name);

/** The ways in which a function reads its environment. */
const READ =
  /(?:Deno\.env\.get|required|defaultKey|webhookSecrets)\(\s*"([A-Z][A-Z0-9_]+)"/g;

Deno.test("the settings are what the functions read, no more and no less", async () => {
  const read = new Set<string>();
  for await (const text of sources("supabase/functions")) {
    for (const [, name = ""] of text.matchAll(READ)) read.add(name);
  }
  assertEquals([...read].sort(), [...NAMES, ...PLATFORM_SETTINGS].sort());
});

Deno.test("the README explains every setting, and the local stack has a value for each required one", async () => {
  const readme = await Deno.readTextFile("README.md");
  const [, section = ""] = readme.split("\n## Settings\n");
  const [table = ""] = section.split("\n## ");
  const explained = [...table.matchAll(/^\| `([^|]+)\|/gm)]
    .flatMap(([row]) => [...row.matchAll(/`([A-Z_]+)`/g)])
    .map(([, name = ""]) => name);
  assertEquals(explained.sort(), [...NAMES].sort());
  // it is only asked when an event says too little, and the stack has nobody to ask
  const local = [...Object.keys(LOCAL_DEFAULTS), "STRIPE_SECRET_KEY"];
  assertEquals(
    SETTINGS.filter(({ name, required }) => required && !local.includes(name)),
    [],
  );
});

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* sources(path);
    else if (name.endsWith(".ts")) yield await Deno.readTextFile(path);
  }
}
