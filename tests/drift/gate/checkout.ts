import { fileURLToPath } from "node:url";
import { type Run, runDeno } from "../../support/run_deno.ts";

const MAIN = fileURLToPath(
  new URL("../../../drift/main.ts", import.meta.url),
);

/** The gate, started in a folder of a checkout. */
export type Gate = (...args: string[]) => Promise<Run>;

/** A checkout of these files that has never heard of this repository; the gate starts in `start` of it. */
export async function inCheckout(
  files: Readonly<Record<string, string>>,
  work: (run: Gate, folder: string) => Promise<void>,
  start = ".",
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "drift-test-" });
  try {
    for (const [path, text] of Object.entries(files)) {
      const file = `${folder}/${path}`;
      await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), {
        recursive: true,
      });
      await Deno.writeTextFile(file, text);
    }
    await work(
      (...args) =>
        runDeno(["run", "-A", MAIN, ...args], { cwd: `${folder}/${start}` }),
      folder,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
