import * as path from "node:path";
import type { Judged } from "../finding.ts";
import { groundOf, type Tell } from "../ground.ts";
import type { Options } from "../options.ts";
import { defaultPaths, readSources, statOf } from "../paths.ts";
import { discover } from "../project/discover.ts";
import { report } from "../report/report.ts";
import { compareReleases, type Release, type Rollout } from "./compare.ts";
import { withRelease } from "./release.ts";

/** Compares this checkout with a release before; prints what is found. */
export async function rollOut(
  release: string,
  options: Options,
  tell: Tell,
): Promise<{ readonly report: string; readonly isSafe: boolean }> {
  const paths = options.paths.length > 0 ? options.paths : await defaultPaths();
  const after: Release = {
    sources: await readSources(paths),
    ground: await groundOf(options, tell),
  };
  const rollout = await withRelease(release, async (folder) => {
    const before = await releaseIn(folder, paths, options, tell);
    return await compareReleases(before, after);
  });
  return {
    report: printed(rollout, options),
    isSafe: rollout.stops.length + rollout.needs.length === 0,
  };
}

/** Its files are named as those of the checkout are. */
async function releaseIn(
  folder: string,
  paths: readonly string[],
  options: Options,
  tell: Tell,
): Promise<Release> {
  const inside = (file: string) => path.join(folder, file);
  const there: string[] = [];
  for (const it of paths) if (await statOf(inside(it))) there.push(inside(it));
  const sources = await readSources(there.length > 0 ? there : [folder]);
  const { types, migrations, config } = options;
  const { supabase } = await discover(folder);
  const configured = config ??
    (supabase && await statOf(`${supabase}/config.toml`)
      ? `${supabase}/config.toml`
      : undefined);
  const ground = await groundOf(
    {
      db: undefined,
      types: types && inside(types),
      migrations: migrations && inside(migrations),
      config: configured,
      renames: options.renames,
    },
    tell,
    folder,
  );
  return {
    sources: sources.map(({ file, text }) => ({
      file: path.relative(folder, file).replaceAll("\\", "/"),
      text,
    })),
    ground,
  };
}

function printed({ stops, needs }: Rollout, { format }: Options): string {
  const said = (all: readonly Judged[], what: string) =>
    all.map((it) => ({ ...it, message: `${what}: ${it.message}` }));
  const all = [
    ...said(stops, "stops with the new database"),
    ...said(needs, "needs the new database first"),
  ];
  return all.length === 0 && format === "text"
    ? "code and database may go in either order"
    : report(format, all);
}
