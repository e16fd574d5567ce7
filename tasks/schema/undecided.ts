import type { Migration } from "../../stack/migrations.ts";

/** What `deno task migration` writes before what it leaves to a person. */
export const DECIDE = "-- decide:";

/** A line of a migration that nobody has decided on yet. */
export interface Undecided {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export function undecided(
  migrations: readonly Pick<Migration, "file" | "sql">[],
): Undecided[] {
  return migrations.flatMap(({ file, sql }) =>
    sql.split("\n").flatMap((line, index) =>
      line.trimStart().startsWith(DECIDE)
        ? [{ file, line: index + 1, text: line.trim() }]
        : []
    )
  );
}

/** In one line, with where it is. */
export function undecidedText({ file, line, text }: Undecided): string {
  return `supabase/migrations/${file}:${line}: ${text}`;
}
