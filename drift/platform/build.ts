import process from "node:process";
import { createHash } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import { readSource } from "../../stack/database.ts";
import { StackError } from "../../stack/errors.ts";
import { pgliteSession, type Session } from "../../stack/session.ts";
import { loadSnapshot, saveSnapshot } from "../../stack/snapshot.ts";
import { pgliteParsers } from "../../stack/types.ts";
import { applyAll, type Failure, type SqlFile } from "./apply.ts";
import { EXTENSIONS } from "./extensions.ts";
import { DEFAULT_GRANTS, grantsByDefault, PROJECT_SQL } from "./platform.ts";

/** The files that make a database, in their order. */
export interface ProjectFiles {
  readonly files: readonly SqlFile[];
  /** Whether the platform grants everything by default. */
  readonly isGranted: boolean;
}

export interface ProjectOptions {
  /** The folder with config.toml, schemas and migrations; that of this repository unless told. */
  readonly supabase?: string | undefined;
  /** A folder of migrations, whatever else there is. */
  readonly migrations?: string | undefined;
  /** Whether the platform grants everything by default; by the project's age unless told. */
  readonly isGranted?: boolean | undefined;
}

/**
 * Reads what makes the database of a checkout: its schemas, or else its migrations.
 *
 * @param say told why schemas that config.toml names are not taken
 */
export async function readProject(
  options: ProjectOptions,
  say: (line: string) => void = () => {},
): Promise<ProjectFiles> {
  const { schemas, migrations } = await readSource(options).catch((error) => {
    if (!(error instanceof StackError)) throw error;
    say(`${error.message}: judged by the migrations`);
    return readSource({ ...options, from: "migrations" });
  });
  return {
    files: schemas ?? migrations,
    isGranted: options.isGranted ??
      grantsByDefault(migrations.map(({ version }) => version)),
  };
}

/** Changes with anything that the database is made of. */
export function keyOf({ files, isGranted }: ProjectFiles): string {
  const parts = [PROJECT_SQL, Object.keys(EXTENSIONS), isGranted, files];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex")
    .slice(0, 32);
}

/** Files of fewer characters make a database as fast as its snapshot is read. */
const WORTH_KEEPING = 100_000;

/** Makes the database of a project on PGlite, in memory, and runs work on it in one transaction that is undone. */
export async function onProject<T>(
  project: ProjectFiles,
  progress: (line: string) => void,
  work: (session: Session, failures: readonly Failure[]) => Promise<T>,
): Promise<T> {
  const key = keyOf(project);
  const empty = keyOf({ ...project, files: [] });
  const built = await loadSnapshot(key);
  const snapshot = built ?? await loadSnapshot(empty);
  if (!snapshot) progress("creating the database: a few seconds, once");
  const driver = await open(snapshot);
  try {
    const session = pgliteSession(driver);
    await session.reset();
    if (!snapshot) {
      await session.script(PROJECT_SQL);
      if (project.isGranted) await session.script(DEFAULT_GRANTS);
      await saveSnapshot(empty, await driver.dumpDataDir("none"));
    }
    const failures = built
      ? []
      : await applyAll(session, project.files, progress);
    const size = project.files.reduce((sum, { sql }) => sum + sql.length, 0);
    if (!built && failures.length === 0 && size >= WORTH_KEEPING) {
      await saveSnapshot(key, await driver.dumpDataDir("none"));
    }
    await session.script("begin");
    try {
      return await work(session, failures);
    } finally {
      await session.script("rollback");
    }
  } finally {
    await driver.close();
    process.exitCode = 0; // initdb, compiled to WASM, leaves its own behind
  }
}

async function open(snapshot: Blob | undefined): Promise<PGlite> {
  return await PGlite.create({
    dataDir: "memory://",
    extensions: EXTENSIONS,
    parsers: pgliteParsers,
    ...snapshot ? { loadDataDir: snapshot } : {},
  });
}
