import { fileURLToPath } from "node:url";
import { readSources } from "../drift/paths.ts";

/** As many as a large application has. */
const FILES = 1_500;
const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

/** This repository's code, over and over: denser in calls of the database than an application is. */
async function writeFiles(folder: string): Promise<void> {
  const root = path("../");
  const sources = await readSources(
    ["supabase", "tests", "stack", "tasks"].map((name) => root + name),
  );
  for (let index = 0; index < FILES; index++) {
    const source = sources[index % sources.length];
    if (!source) throw new Error("no code to copy");
    const copy = Math.floor(index / sources.length);
    const file = `${folder}/${copy}/${source.file.slice(root.length)}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), {
      recursive: true,
    });
    await Deno.writeTextFile(file, source.text);
  }
}

const folder = await Deno.makeTempDir({ prefix: "drift-bench-" });
await writeFiles(folder);
globalThis.addEventListener("unload", () => {
  Deno.removeSync(folder, { recursive: true });
});

Deno.bench({
  name: `drift on ${FILES} files`,
  group: "drift",
  n: 3,
  warmup: 0,
  fn: async () => {
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--allow-all",
        path("../drift/main.ts"),
        "--types",
        path("../supabase/functions/_shared/database.types.ts"),
        folder,
      ],
      stdout: "null",
      stderr: "null",
    }).output();
    if (code === 2) throw new Error("the gate could not run");
  },
});
