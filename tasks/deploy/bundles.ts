import { readConfig } from "../../stack/config.ts";
import { SERVED_DIR } from "../../stack/paths.ts";
import { type Bundle, bundle, writeBundles } from "../bundle/build.ts";
import { removeIfThere } from "../support/remove_if_there.ts";

/**
 * Bundles the functions of a checkout from their sources, also in a process that serves bundles.
 *
 * @throws {StackError} when one does not build
 */
export async function bundlesOf(root: string): Promise<Bundle[]> {
  const { functions } = await readConfig(`${root}/supabase/config.toml`);
  const sources = Object.entries(functions)
    .filter(([, { enabled }]) => enabled)
    .map(([name, { entrypoint }]) => ({
      name,
      entrypoint: entrypoint && !SERVED_DIR
        ? `${root}/supabase/${entrypoint}`
        : `${root}/supabase/functions/${name}/index.ts`,
    }));
  return sources.length > 0 ? await bundle(sources) : [];
}

/**
 * Writes bundles to dist/functions, and beside them a config.toml for the Supabase CLI that names them as
 * entrypoints. Returns the folder to run it in: what is deployed from there is what was measured.
 */
export async function writeDeployable(
  root: string,
  bundles: readonly Bundle[],
): Promise<string> {
  const workdir = `${root}/dist`;
  await removeIfThere(`${workdir}/functions`);
  await writeBundles(`${workdir}/functions`, bundles);
  const { functions } = await readConfig(`${root}/supabase/config.toml`);
  const sections = bundles.map(({ name }) =>
    `[functions.${name}]\n` +
    `verify_jwt = ${functions[name]?.verify_jwt ?? true}\n` +
    `entrypoint = "../functions/${name}/index.js"\n`
  );
  await Deno.mkdir(`${workdir}/supabase`, { recursive: true });
  await Deno.writeTextFile(
    `${workdir}/supabase/config.toml`,
    `project_id = "bundles"\n\n${sections.join("\n")}`,
  );
  return workdir;
}
