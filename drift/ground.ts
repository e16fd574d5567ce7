import * as path from "node:path";
import { readConfig } from "../stack/config.ts";
import type { Session } from "../stack/session.ts";
import type { Catalog } from "./catalog/catalog.ts";
import { loadCatalog } from "./catalog/load.ts";
import { loadContracts } from "./contract/load.ts";
import { DriftFailure } from "./failure.ts";
import type { Options } from "./options.ts";
import { statOf } from "./paths.ts";
import type { Failure } from "./platform/apply.ts";
import { onProject, readProject } from "./platform/build.ts";
import { discover, type Discovery } from "./project/discover.ts";
import { readRenames } from "./renames.ts";
import { undone } from "./sql/undone.ts";

/** What code is judged by. */
export interface Ground {
  readonly catalog: Catalog;
  /** Runs work on the database, in a transaction that is undone; undefined where there is only a file of types. */
  readonly onDatabase:
    | (<T>(work: (session: Session) => Promise<T>) => Promise<T>)
    | undefined;
}

/** What is told on the way: a line that stays, and one that the next replaces. */
export interface Tell {
  readonly say: (line: string) => void;
  readonly progress: (line: string) => void;
}

/**
 * Finds out what the code of a checkout is judged by: what the options say, or else the schemas or
 * migrations that are near, or else generated types.
 *
 * @param root the folder to look from
 * @throws {DriftFailure} when there is nothing
 */
export async function groundOf(
  options: Pick<Options, "db" | "types" | "migrations" | "config" | "renames">,
  tell: Tell,
  root = ".",
): Promise<Ground> {
  const found = await discover(root);
  if (found.others.length > 0 && options.migrations === undefined) {
    tell.say(
      `judged by ${found.supabase}, not by ${
        found.others.join(", ")
      }: --migrations names another`,
    );
  }
  const { catalog, onDatabase } = await databaseOf(options, found, tell);
  const home = found.supabase && path.dirname(found.supabase);
  const contracts = home === undefined ? undefined : await loadContracts(home);
  return {
    catalog: {
      ...catalog,
      renames: await readRenames(options.renames),
      ...contracts ? { contracts } : {},
    },
    onDatabase,
  };
}

async function databaseOf(
  { db, types, migrations, config }: Pick<
    Options,
    "db" | "types" | "migrations" | "config"
  >,
  found: Discovery,
  { say, progress }: Tell,
): Promise<Ground> {
  if (types !== undefined) return await byTypes(types);
  const schemas = await exposedSchemas(config, found.supabase);
  if (db !== undefined) {
    return {
      catalog: await loadCatalog({ kind: "database", url: db, schemas }),
      onDatabase: (work) => undone(db, work),
    };
  }
  const supabase = found.supabase;
  const folder = migrations ??
    (supabase === undefined ? undefined : `${supabase}/migrations`);
  if (folder === undefined || !await statOf(folder)) {
    if (migrations === undefined && found.types !== undefined) {
      say(`no supabase/migrations: judged by ${found.types}`);
      return await byTypes(found.types);
    }
    throw new DriftFailure(
      `${
        migrations === undefined
          ? "no supabase/migrations and no generated types here"
          : `no such folder: ${migrations}`
      }: --db, --types or --migrations says what the database is`,
    );
  }
  const options = { supabase, migrations };
  const catalog = await loadCatalog({
    kind: "files",
    ...migrations === undefined && supabase !== undefined ? { supabase } : {},
    migrations,
    schemas,
    progress,
    say,
    failed: (failures) => {
      for (const line of told(failures, folder, found.types)) say(line);
    },
  });
  return {
    catalog,
    onDatabase: async (work) =>
      await onProject(await readProject(options), progress, work),
  };
}

async function byTypes(file: string): Promise<Ground> {
  const catalog = await loadCatalog({ kind: "types", file });
  return { catalog, onDatabase: undefined };
}

/** As config.toml has it, or Supabase where there is none. */
async function exposedSchemas(
  config: string | undefined,
  supabase: string | undefined,
): Promise<readonly string[]> {
  if (config !== undefined) return (await readConfig(config)).api.schemas;
  const file = supabase && `${supabase}/config.toml`;
  if (!file || !await statOf(file)) return ["public"];
  return (await readConfig(file)).api.schemas;
}

/** How many failures are named. */
const NAMED = 20;

function told(
  failures: readonly Failure[],
  migrations: string,
  types: string | undefined,
): string[] {
  const own = failures.filter(({ isEcho }) => !isEcho);
  const named = own.slice(0, NAMED).map(({ file, line, message }) =>
    `failed: ${
      file.startsWith("schemas/") ? path.dirname(migrations) : migrations
    }/${file}:${line}: ${message}`
  );
  const more = own.length > NAMED ? [`failed: ${own.length - NAMED} more`] : [];
  const echoes = failures.length - own.length;
  return [
    ...named,
    ...more,
    `${own.length} statements failed${
      echoes > 0 ? `, and ${echoes} that need them` : ""
    }: what they make is not judged. --db <url>, or --types ${
      types ?? "<file>"
    }, judges by the database as it is`,
  ];
}
