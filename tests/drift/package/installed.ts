import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { buildPackage } from "../../../drift/package/build.ts";

const run = promisify(execFile);

/** A Node project that has the package from its tarball, and no Deno on its path. */
export interface Installed extends AsyncDisposable {
  readonly folder: string;
  /** The environment of a machine without Deno. */
  readonly env: Record<string, string>;
}

/** Packs the gate, and installs the tarball in a new Node project. */
export async function installed(): Promise<Installed> {
  const folder = await Deno.makeTempDir({ prefix: "drift-node-" });
  const env = {
    PATH: pathWithoutDeno(),
    HOME: Deno.env.get("HOME") ?? folder,
  };
  const built = await buildPackage(`${folder}/built`);
  await run("npm", ["pack", "--silent", "--pack-destination", folder], {
    cwd: built,
    env,
  });
  const project = `${folder}/project`;
  await Deno.mkdir(project);
  await Deno.writeTextFile(
    `${project}/package.json`,
    '{ "name": "project", "private": true, "type": "module" }',
  );
  const { version } = JSON.parse(
    await Deno.readTextFile(`${built}/package.json`),
  );
  await run(
    "npm",
    [
      "install",
      "--silent",
      "--no-audit",
      "--no-fund",
      "--prefer-offline",
      `${folder}/supabase-drift-${version}.tgz`,
    ],
    { cwd: project, env },
  );
  return {
    folder: project,
    env,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Where `deno` is not; npm and node are. */
function pathWithoutDeno(): string {
  return (Deno.env.get("PATH") ?? "").split(":").filter((folder) => {
    try {
      Deno.statSync(`${folder}/deno`);
      return false;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return true;
      throw error;
    }
  }).join(":");
}
