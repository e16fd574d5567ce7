import { watch } from "node:fs/promises";
import { checkOnce } from "./check.ts";
import type { Tell } from "./ground.ts";
import type { Options } from "./options.ts";

/** Changes that come together, as a save of all files makes them, are one. */
const TOGETHER_MS = 100;
const MATTERS = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|sql|toml|json)$/;
const PASSED_OVER =
  /(?:^|[\\/])(?:node_modules|dist|build|coverage|\.[^\\/]+)[\\/]/;

/** Judges again whenever something changes that matters, until the signal ends it. */
export async function watchAll(
  options: Options,
  tell: Tell,
  print: (report: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const judge = async () => {
    try {
      const { printed, summary } = await checkOnce(options, tell);
      if (printed !== "") print(printed);
      tell.say(summary);
    } catch (error) {
      tell.say(error instanceof Error ? error.message : String(error));
    }
  };
  await judge();
  try {
    for await (
      const { filename } of watch(".", {
        recursive: true,
        ...signal ? { signal } : {},
      })
    ) {
      const name = filename ?? "";
      if (!MATTERS.test(name) || PASSED_OVER.test(name)) continue;
      clearTimeout(timer);
      timer = setTimeout(judge, TOGETHER_MS);
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === "AbortError")) throw error;
  } finally {
    clearTimeout(timer);
  }
}
