import * as z from "zod/mini";
import type { Session } from "../../stack/session.ts";
import type { Item } from "./inventory.ts";
import { alike } from "./kind.ts";

const Row = z.object({ name: z.string(), definition: z.string() });

const item = ({ name, definition }: z.infer<typeof Row>): Item => ({
  kind: "job",
  name,
  owner: null,
  definition,
  normalised: alike(definition),
});

/** The jobs of pg_cron in this database; undefined where it has no pg_cron. */
export async function readJobs(session: Session): Promise<Item[] | undefined> {
  const [cron] = await session.query(
    "select from pg_catalog.pg_class where oid = pg_catalog.to_regclass('cron.job')",
  );
  if (!cron) return undefined;
  const rows = await session.query(`
    select coalesce(j.jobname, 'job ' || j.jobid)::text as name,
      j.schedule || ' ' || j.command || case when j.active then '' else ' (not active)' end as definition
    from cron.job j where j.database = current_database()`);
  return rows.map((row) => item(Row.parse(row)));
}

const STRING = String.raw`(?:'((?:[^']|'')*)'|\$(\w*)\$([\s\S]*?)\$\5\$)`;
const CALL = new RegExp(
  String
    .raw`\b(un)?schedule(?:_job)?\s*\(\s*'([^']+)'\s*(?:,\s*'([^']+)'\s*,\s*` +
    STRING + ")?",
  "gi",
);

/** A row of name, schedule and command, as a list of wanted jobs has it. */
const ROW = new RegExp(
  String
    .raw`\(()\s*'([^']+)'\s*,\s*'((?:[\d*/,-]+ ){4}[\d*/,-]+)'\s*,\s*` +
    STRING + String.raw`\s*\)`,
  "gi",
);

/**
 * The jobs that files schedule with literal names, or list as wanted, for a database that cannot hold them.
 */
export function jobsInText(files: readonly { readonly sql: string }[]): Item[] {
  const jobs = new Map<string, Item>();
  for (const { sql } of files) {
    const code = sql.replaceAll(/--[^\n]*/g, "");
    for (
      const found of [...code.matchAll(ROW), ...code.matchAll(CALL)]
    ) {
      const [, removes, name = "", schedule, plain, , dollared] = found;
      const command = dollared ?? plain?.replaceAll("''", "'");
      if (removes) jobs.delete(name);
      else if (schedule !== undefined && command !== undefined) {
        jobs.set(name, item({ name, definition: `${schedule} ${command}` }));
      }
    }
  }
  return [...jobs.values()];
}
