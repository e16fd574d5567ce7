import * as z from "zod/mini";
import { StackError } from "../../stack/errors.ts";

const ImportMap = z.object({ imports: z.record(z.string(), z.string()) });

/** `npm:@scope/name@1.2.3/path`, also with the slash that a prefix has after `npm:`. */
const NPM = /^npm:\/?((?:@[^/]+\/)?[^@/]+)@[^/]+(\/.*)?$/;

/**
 * The names of an import map that are not the packages' own, as esbuild's `alias` wants them: from
 * `@std/html` to `deno-std/html/mod.js`. Which version that is, node_modules says.
 *
 * @throws {StackError} when the map is malformed or names anything but npm packages
 */
export async function readAliases(
  file: string,
): Promise<Record<string, string>> {
  const { data } = ImportMap.safeParse(
    JSON.parse(await Deno.readTextFile(file)),
  );
  if (!data) throw new StackError(`${file} is not an import map`);
  const aliases = Object.entries(data.imports).map(([name, target]) => {
    const [, packageName, path = ""] = NPM.exec(target) ?? [];
    if (packageName === undefined) {
      throw new StackError(`${file}: ${name} is not a pinned npm package`);
    }
    return [name, packageName + path] as const;
  });
  return Object.fromEntries(aliases.filter(([name, path]) => name !== path));
}
