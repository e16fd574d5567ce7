import { fileURLToPath, pathToFileURL } from "node:url";

/** What one `deno test` runs. */
export interface Group {
  /** After checkTypes, which is all of them at once, without a check. */
  paths: string[];
  env: Record<string, string>;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SUITE = fileURLToPath(new URL("suite.ts", import.meta.url));

/**
 * What concerns every owner of credits at once, as maintenance and Stripe's events do, is in one group,
 * with what reads all plans; the other leaves that database's credits and plans alone. The rest is where it
 * makes both take as long.
 */
const FIRST =
  /^tests\/((database|functions)\/(credit|cron|export|stripe)|(bundle|docs|drift|organizations|stack)\/)/;

/** Hooks are for all tests of a module: a file that has some is a module of its own. */
const HOOKS = /^Deno\.test\.(before|after)(All|Each)\(/m;

/** The test files below some folders, in two groups that can run side by side, one a core. */
export function groupsOf(folders: string[]): Group[] {
  const files = folders.flatMap(testFiles).sort();
  const first = files.filter((file) => FIRST.test(file));
  const second = files.filter((file) => !FIRST.test(file));
  return [first, second].filter(({ length }) => length > 0).map(groupOf);
}

function groupOf(files: string[]): Group {
  const apart = files.filter((file) =>
    HOOKS.test(Deno.readTextFileSync(ROOT + file))
  );
  const together = files.filter((file) => !apart.includes(file));
  const urls = together.map((file) => pathToFileURL(ROOT + file).href);
  return {
    paths: ["--no-check", SUITE, ...apart],
    env: { TEST_FILES: urls.join("\n") },
  };
}

function testFiles(folder: string): string[] {
  return Array.from(Deno.readDirSync(ROOT + folder)).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) return testFiles(path);
    return path.endsWith(".test.ts") ? [path] : [];
  });
}
