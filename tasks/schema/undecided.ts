import type { Migration } from "../../stack/migrations.ts";

/** What `deno task migration` writes before what it leaves to a person. */
export const DECIDE = "-- decide:";

/** The lines of migrations that nobody has decided on yet, with file and number. */
export function undecided(
  migrations: readonly Pick<Migration, "file" | "sql">[],
): string[] {
  return migrations.flatMap(({ file, sql }) =>
    sql.split("\n").flatMap((line, index) =>
      line.trimStart().startsWith(DECIDE)
        ? [`${file}:${index + 1}: ${line.trim()}`]
        : []
    )
  );
}
