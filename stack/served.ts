import { resolve } from "node:path";
import type { FunctionConfig } from "./config.ts";

const ENTRYPOINT = /^index\.[jt]s$/;

/**
 * The functions of `configs` with the entrypoints that `folder` has for them, and what else `folder`
 * has, which takes any caller.
 */
export function readServed(
  folder: string,
  configs: Record<string, FunctionConfig>,
): Record<string, FunctionConfig> {
  const served = Array.from(Deno.readDirSync(folder))
    .filter((entry) => entry.isDirectory)
    .flatMap(({ name }) =>
      Array.from(Deno.readDirSync(`${folder}/${name}`))
        .filter((file) => ENTRYPOINT.test(file.name))
        .map((file): [string, FunctionConfig] => [name, {
          ...(configs[name] ??
            {
              enabled: true,
              verify_jwt: false,
              import_map: "../import_map.json",
            }),
          entrypoint: resolve(folder, name, file.name),
        }])
    );
  return { ...configs, ...Object.fromEntries(served) };
}
