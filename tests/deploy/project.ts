import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { openDatabase } from "../../stack/database.ts";
import { StackError } from "../../stack/errors.ts";
import { postgresSession } from "../../stack/session.ts";
import { deploy } from "../../tasks/deploy/deploy.ts";
import { parseOptions } from "../../tasks/deploy/options.ts";
import {
  type ManagementApi,
  startManagementApi,
} from "../support/management_api.ts";
import { loadProduction, type ProductionState } from "../support/production.ts";
import { type Run, runDeno } from "../support/run_deno.ts";
import { scratchDatabase } from "../stack/scratch.ts";
import { NO_DEFAULT_GRANTS, runSql } from "../support/servers.ts";
import { api as stack } from "../support/stack.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(
  /\/$/,
  "",
);

export const REF = "abcdefghijklmnopqrst";

/** The Vault as far as it is used: what Debian's PostgreSQL cannot install. */
const VAULT = `
  create schema vault;
  create table vault.secrets (
    id uuid primary key default gen_random_uuid(), name text unique, secret text not null
  );
  create view vault.decrypted_secrets as select id, name, secret as decrypted_secret from vault.secrets;
  create function vault.create_secret(new_secret text, new_name text) returns uuid language sql as
    $$ insert into vault.secrets (secret, name) values (new_secret, new_name) returning id $$;
  create function vault.update_secret(secret_id uuid, new_secret text) returns void language sql as
    $$ update vault.secrets set secret = new_secret where id = secret_id $$`;

/** Every row version of the catalog, and the rows of the Vault. */
const CATALOG = `
  select
    (select array_agg(oid || ' ' || xmin::text order by oid) from pg_catalog.pg_class) as relations,
    (select array_agg(oid || ' ' || xmin::text order by oid) from pg_catalog.pg_proc) as functions,
    (select array_agg(oid || ' ' || xmin::text order by oid) from pg_catalog.pg_namespace) as schemas,
    (select array_agg(s::text order by s.name) from vault.secrets s) as secrets`;

/** A Supabase project to deploy to: a database on the real server, and the management API on loopback. */
export interface TestProject extends AsyncDisposable {
  api: ManagementApi;
  sql: postgres.Sql;
  db: string;
  /** A folder of its own, with the file of secrets. */
  folder: string;
  envFile: string;
  /** The values of that file: none may be printed. */
  secrets: Record<string, string>;
  /** Runs `deno task deploy` without its tests; with `root`, on another checkout. */
  deploy(options: string[], root?: string): Promise<Run>;
  /** What of the database a deployment could change, to compare. */
  catalog(): Promise<unknown>;
}

/**
 * Makes one. `from` is a folder of migrations to apply first, or the production database in one of its states;
 * without it the database is new. With `defaultGrants` it is an old project on a server that is set up so; a
 * small checkout's tables then have more than they say.
 */
export async function testProject(
  from?: string | { readonly production: ProductionState },
  { defaultGrants = false } = {},
): Promise<TestProject> {
  const migrations = typeof from === "string" ? from : undefined;
  const database = await scratchDatabase(stack.dbUrl ?? "");
  const db = database.url;
  if (!defaultGrants) await runSql(db, NO_DEFAULT_GRANTS);
  const folder = await Deno.makeTempDir({ prefix: "deploy-test-" });
  const opened = await openDatabase({
    db,
    migrations: migrations ?? `${folder}/none`,
    seed: false,
  });
  await opened.close();
  const sql = postgres(db, { max: 1, onnotice: () => {} });
  await sql.unsafe(VAULT);
  if (!migrations) await sql.unsafe("drop schema supabase_migrations cascade");
  if (typeof from === "object") {
    await loadProduction(postgresSession(sql), from.production);
  }
  const api = await startManagementApi(REF);
  const secrets = Object.fromEntries(
    [
      "CALENDAR_HMAC_SECRET",
      "RESEND_API_KEY",
      "STRIPE_WEBHOOK_SECRET",
      "STRIPE_SECRET_KEY",
      "CALCOM_WEBHOOK_SECRET",
    ].map((name) => [name, `${crypto.randomUUID()} #'$HOME`]),
  );
  const envFile = `${folder}/secrets.env`;
  const lines = Object.entries(secrets).map(([name, value]) =>
    `${name}="${value}"\n`
  );
  await Deno.writeTextFile(envFile, lines.join(""));
  return {
    api,
    sql,
    db,
    folder,
    envFile,
    secrets,
    deploy: (options, root = ROOT) => run(api, db, options, root),
    catalog: () => sql.unsafe(CATALOG),
    [Symbol.asyncDispose]: async () => {
      await sql.end();
      await api[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** `deno task deploy`, as a process. */
export function command(
  { api, db }: TestProject,
  ...options: string[]
): Promise<Run> {
  return runDeno(
    ["run", "-A", "tasks/deploy.ts", ...argumentsOf(db, options)],
    {
      cwd: ROOT,
      env: { SUPABASE_ACCESS_TOKEN: api.token, SUPABASE_PROFILE: api.profile },
      stdin: "null",
    },
  );
}

/** The same in this process, which is faster, and from any checkout. */
async function run(
  api: ManagementApi,
  db: string,
  options: string[],
  root: string,
): Promise<Run> {
  const parsed = parseOptions(argumentsOf(db, options), {});
  if (!parsed) throw new TypeError("a deployment, not --help");
  const lines = { stdout: "", stderr: "" };
  const env = {
    SUPABASE_ACCESS_TOKEN: api.token,
    SUPABASE_PROFILE: api.profile,
  };
  try {
    const clean = await deploy({ root, env }, parsed, {
      say: (line) => lines.stdout += `${line}\n`,
      progress: (line) => lines.stderr += `${line}\n`,
      confirm: () => false,
    });
    return { code: clean ? 0 : 1, ...lines };
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    return { code: 1, ...lines, stderr: `${lines.stderr}${error.message}\n` };
  }
}

const argumentsOf = (db: string, options: string[]) => [
  `--project=${REF}`,
  `--db=${db}?sslmode=disable`,
  "--skip-tests",
  ...options,
];
