import type { Difference } from "../../drift/live/compare.ts";
import { summary } from "../../drift/live/summary.ts";
import { readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { departuresFrom } from "../deploy/differences.ts";
import { type KnownDifference, unreviewed } from "../deploy/known.ts";
import type { Finding } from "./finding.ts";

/**
 * Whether the deployed schema is the one of this checkout's migrations, as `deploy` compares it: by effect, without
 * what was reviewed. Only reads; needs the database's URL.
 */
export async function examineDrift(
  db: string | undefined,
  reviewed: readonly KnownDifference[],
  progress: (line: string) => void,
): Promise<Finding> {
  if (db === undefined) return schema("not checked", "Needs --db.");
  progress("the schema");
  try {
    const migrations = await readMigrations(MIGRATIONS_DIR);
    // production has pg_cron: where there is none, its jobs are missing
    const { drift } = await departuresFrom(migrations, { db, hasCron: true });
    const open = unreviewed(drift, reviewed);
    return judge(open, drift.length - open.length);
  } catch (error) {
    // The message may quote the URL and the password in it.
    const name = error instanceof Error ? error.name : "an error";
    const code = error instanceof Error && "code" in error ? error.code : "";
    return schema("red", `The database cannot be read: ${name} ${code}.`);
  }
}

/** Green without a difference, amber where there is only more than the migrations make, else red. */
export function judge(
  differences: readonly Difference[],
  reviewed = 0,
): Finding {
  const [first] = differences;
  if (!first) {
    return schema(
      "green",
      reviewed === 0
        ? "The schema is the migrations'."
        : `The schema is the migrations', but for ${reviewed} reviewed differences.`,
    );
  }
  const what = `${first.state} ${first.kind} ${first.name}`;
  return schema(
    differences.every(({ state }) => state === "extra") ? "amber" : "red",
    `${differences.length} not as the migrations make it, first ${what}; ${
      summary(differences).join("; ")
    }: deno task drift --live <url> --by-effect lists all.`,
  );
}

function schema(status: Finding["status"], detail: string): Finding {
  return { part: "drift", name: "schema", status, detail };
}
