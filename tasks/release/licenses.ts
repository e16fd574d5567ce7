import * as z from "zod/mini";
import type { Bundle } from "../bundle/build.ts";

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
});
const PACKAGE =
  /^node_modules\/\.deno\/[^/]+\/node_modules\/(?:@[^/]+\/)?[^/]+/;
const LICENSE = /^licen[cs]e(?:\.(?:md|txt))?$/i;

/**
 * The licences of the packages that bundles contain, as those ask for it: each one's name, version,
 * licence and, where the package carries it, the text.
 *
 * @param root the folder that node_modules is in
 */
export async function licensesOf(
  root: string,
  bundles: readonly Bundle[],
): Promise<string> {
  const folders = new Set(
    bundles.flatMap(({ inputs }) => Object.entries(inputs))
      .filter(([, bytes]) => bytes > 0)
      .flatMap(([path]) => PACKAGE.exec(path)?.[0] ?? []),
  );
  const notices = await Promise.all(
    [...folders].sort().map((folder) => noticeOf(`${root}/${folder}`)),
  );
  return notices.join(`\n${"-".repeat(80)}\n\n`);
}

async function noticeOf(folder: string): Promise<string> {
  const { name, version, license } = Manifest.parse(
    JSON.parse(await Deno.readTextFile(`${folder}/package.json`)),
  );
  const head = `${name} ${version} (${license})\n`;
  const file = Array.from(Deno.readDirSync(folder), (entry) => entry.name)
    .find((it) => LICENSE.test(it));
  if (file === undefined) return head;
  return `${head}\n${(await Deno.readTextFile(`${folder}/${file}`)).trim()}\n`;
}
