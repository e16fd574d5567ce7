import { fileURLToPath } from "node:url";
import {
  type FunctionName,
  FUNCTIONS,
} from "../../supabase/functions/_shared/access.ts";
import {
  type SpawnedStack,
  spawnStack,
} from "../../tasks/support/spawn_stack.ts";
import { readMigrations } from "../../stack/migrations.ts";
import { scratchDatabase } from "../stack/scratch.ts";
import { api } from "../support/stack.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Stand-ins of what only Supabase has, pg_cron too where a database is not the server's first: nothing is
 * wrong with them.
 */
const EXTENSIONS = `
create schema cron;
create function cron.jobs() returns table (name text, schedule text, command text)
  language plpgsql as $$ begin
    return query select w.name, w.schedule, w.command from private.wanted_cron_jobs() w;
  end $$;
create view cron.job as
  select row_number() over (order by j.name) as jobid, j.name as jobname, j.schedule, j.command,
    true as active, current_database()::text as database
  from cron.jobs() j;
create view cron.job_run_details as
  select j.jobid, j.jobid as runid, 'succeeded' as status, now() as start_time, now() as end_time
  from cron.job j;
create schema net;
create table net._http_response (
  id bigint, status_code integer, timed_out boolean, error_msg text, created timestamptz
);
create schema vault;
create table vault.secrets (name text);
insert into vault.secrets values ('supabase_url'), ('supabase_secret_key');
`;

/** A stack of its own on which everything is green, once maintenance and audits have run. */
export interface HealthyProject extends AsyncDisposable {
  readonly environment: SpawnedStack["environment"];
  /** Serves a function by this code; without any, not at all. */
  serve(name: FunctionName, code?: string): Promise<void>;
}

/** The code that serves a function as it is. */
export const asItIs = (name: FunctionName): string =>
  `export { default } from "${entrypointOf(name)}";`;

/** The address of a function's own code. */
export const entrypointOf = (name: FunctionName): string =>
  new URL(`../../supabase/functions/${name}/index.ts`, import.meta.url).href;

/** Starts one, on the kind of database the tests run on. */
export async function healthyProject(): Promise<HealthyProject> {
  const folder = await Deno.makeTempDir({ prefix: "doctor-test-" });
  const supabase = `${folder}/supabase`;
  const served = `${folder}/served`;
  await Deno.mkdir(`${supabase}/migrations`, { recursive: true });
  await Deno.copyFile(`${ROOT}import_map.json`, `${folder}/import_map.json`);
  const config = await Deno.readTextFile(`${ROOT}supabase/config.toml`);
  await Deno.writeTextFile(
    `${supabase}/config.toml`,
    // a deployed database was made by its migrations, and has their history
    config.replace(/^schema_paths = \[[\s\S]*?^\]$/m, "schema_paths = []"),
  );
  for await (const { name } of Deno.readDir(`${ROOT}supabase/migrations`)) {
    await Deno.copyFile(
      `${ROOT}supabase/migrations/${name}`,
      `${supabase}/migrations/${name}`,
    );
  }
  const newest = (await readMigrations(`${supabase}/migrations`)).at(-1);
  await Deno.writeTextFile(
    `${supabase}/migrations/${newest?.file}`,
    EXTENSIONS,
    { append: true },
  );
  const serve = async (name: FunctionName, code?: string) => {
    await Deno.mkdir(`${served}/${name}`, { recursive: true });
    const file = `${served}/${name}/index.ts`;
    if (code === undefined) await Deno.remove(file);
    else await Deno.writeTextFile(file, code);
  };
  for (const name of Object.keys(FUNCTIONS)) {
    if (isFunction(name)) await serve(name, asItIs(name));
  }

  const database = api.dbUrl ? await scratchDatabase(api.dbUrl) : undefined;
  const stack = await spawnStack(
    ["--port", "0", "--no-seed", ...(database ? ["--db", database.url] : [])],
    {
      log: `${folder}/stack.log`,
      quiet: true,
      env: { STACK_SUPABASE_DIR: supabase, STACK_FUNCTIONS: served },
    },
  );
  return {
    environment: stack.environment,
    serve,
    [Symbol.asyncDispose]: async () => {
      await stack.stop();
      await database?.[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Whether there is such a function. */
export function isFunction(name: string): name is FunctionName {
  return name in FUNCTIONS;
}
