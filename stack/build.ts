import { type Migration, runFile } from "./migrations.ts";
import { PLATFORM_SQL } from "./platform.ts";
import { applySeed } from "./seed.ts";
import type { Session } from "./session.ts";

/** What a database is built from. */
export interface Source {
  migrations: Migration[];
  seed: string | false;
  progress: (line: string) => void;
}

/** Makes a database look like a new Supabase project. Can be run again. @throws {StackError} */
export async function applyPlatform(session: Session): Promise<void> {
  await runFile(session, "stack/platform.ts", PLATFORM_SQL, async () => {});
}

/** Runs the seed, unless it is left out or has run. @throws {StackError} */
export async function seed(session: Session, source: Source): Promise<void> {
  if (source.seed === false) return;
  await applySeed(session, source.seed, source.progress);
}
