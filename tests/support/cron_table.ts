import { jobsInText } from "../../drift/live/jobs.ts";
import { readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";

/** SQL of a stand-in with every job: pg_cron is in one database of a server alone. */
export async function scheduledJobs(): Promise<string> {
  const jobs = jobsInText(await readMigrations(MIGRATIONS_DIR))
    .map(({ name, definition }) => {
      const fields = definition.split(" ");
      const values = [
        name,
        fields.slice(0, 5).join(" "),
        fields.slice(5).join(" "),
      ];
      return `insert into cron.job (jobname, schedule, command) values (${
        values.map((it) => `'${it.replaceAll("'", "''")}'`).join(", ")
      });`;
    });
  return `
    create schema cron;
    create table cron.job (
      jobid serial, jobname text, schedule text, command text, active boolean default true,
      database text default current_database()
    );
    ${jobs.join("\n")}`;
}
