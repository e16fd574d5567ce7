import type { Source } from "./code/chain.ts";
import { openProject } from "./code/project.ts";
import { scanAll } from "./code/scan.ts";
import { collect, type Progress, type Verdict, verdictOf } from "./gate.ts";
import type { Ground } from "./ground.ts";
import { checkStatements } from "./statements/check.ts";

/** Judges code, the SQL in it too where there is a database to ask. */
export async function judgeAll(
  sources: readonly Source[],
  { catalog, onDatabase }: Ground,
  progress?: Progress,
): Promise<Verdict> {
  const files = scanAll(openProject(sources), progress);
  const collected = collect(files, catalog);
  const { statements } = collected;
  const inSql = onDatabase && statements.length > 0
    ? await onDatabase((session) =>
      checkStatements(session, statements, sources)
    )
    : undefined;
  return verdictOf(collected, catalog, inSql);
}
