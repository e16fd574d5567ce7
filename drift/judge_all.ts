import type { Source } from "./code/chain.ts";
import { scanProject } from "./code/scan.ts";
import { judgeFiles, type Progress, type Verdict } from "./gate.ts";
import type { Ground } from "./ground.ts";
import { checkStatements } from "./statements/check.ts";

/** Judges code, the SQL in it too where there is a database to ask. */
export async function judgeAll(
  sources: readonly Source[],
  { catalog, onDatabase }: Ground,
  progress?: Progress,
): Promise<Verdict> {
  const files = scanProject(sources, progress);
  const statements = files.flatMap(({ statements }) => statements);
  const inSql = onDatabase && statements.length > 0
    ? await onDatabase((session) =>
      checkStatements(session, statements, sources)
    )
    : undefined;
  return judgeFiles(files, catalog, inSql);
}
