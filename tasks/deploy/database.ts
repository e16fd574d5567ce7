import postgres from "postgres";
import * as z from "zod/mini";
import { StackError } from "../../stack/errors.ts";

/** What is looked at in the deployed database before anything is decided. */
export interface Deployed {
  /** The migrations it says were applied. */
  readonly versions: readonly string[];
  /** Its tables in schema public. */
  readonly tables: ReadonlySet<string>;
  /** Whether it has the first function that a migration after the baseline makes. */
  readonly hasOurFunctions: boolean;
  readonly hasCron: boolean;
  /** The Vault's secrets that pg_cron calls functions with; undefined where there is no Vault. */
  readonly vault: VaultSecrets | undefined;
}

/** By name; absent where the Vault lacks it. */
export type VaultSecrets = ReadonlyMap<string, string>;

export const VAULT_URL = "supabase_url";
export const VAULT_KEY = "supabase_secret_key";

const Look = z.object({
  history: z.boolean(),
  vault: z.boolean(),
  cron: z.boolean(),
  ours: z.boolean(),
  tables: z.array(z.string()),
});

const LOOK = `
  select
    to_regclass('supabase_migrations.schema_migrations') is not null as history,
    to_regclass('vault.decrypted_secrets') is not null as vault,
    to_regclass('cron.job') is not null as cron,
    to_regprocedure('private.schedule_job(text, text, text)') is not null as ours,
    array(select tablename::text from pg_catalog.pg_tables where schemaname = 'public') as tables`;

/**
 * Looks at a database, in one transaction that can only read.
 *
 * @throws {StackError} when it cannot be reached
 */
export async function readDeployed(url: string): Promise<Deployed> {
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    connect_timeout: 10,
  });
  try {
    return await sql.begin("isolation level repeatable read read only", look);
  } catch (error) {
    throw new StackError(`the database: ${reasonOf(error)}`, { cause: error });
  } finally {
    await sql.end();
  }
}

async function look(sql: postgres.TransactionSql): Promise<Deployed> {
  const [row] = await sql.unsafe(LOOK);
  const { history, vault, cron, ours, tables } = Look.parse(row);
  return {
    versions: history ? await versions(sql) : [],
    tables: new Set(tables),
    hasOurFunctions: ours,
    hasCron: cron,
    vault: vault ? await vaultSecrets(sql) : undefined,
  };
}

async function versions(sql: postgres.TransactionSql): Promise<string[]> {
  const rows = await sql.unsafe<{ version: string }[]>(
    "select version from supabase_migrations.schema_migrations order by version",
  );
  return rows.map(({ version }) => version);
}

async function vaultSecrets(
  sql: postgres.TransactionSql,
): Promise<VaultSecrets> {
  const rows = await sql.unsafe<{ name: string; secret: string }[]>(
    "select name, decrypted_secret as secret from vault.decrypted_secrets where name in ($1, $2)",
    [VAULT_URL, VAULT_KEY],
  );
  return new Map(rows.map(({ name, secret }) => [name, secret]));
}

/** Sets secrets of the Vault: those that are there are given the new value. All or nothing. */
export async function setVaultSecrets(
  url: string,
  secrets: VaultSecrets,
): Promise<void> {
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    connect_timeout: 10,
  });
  try {
    await sql.begin(async (transaction) => {
      for (const [name, value] of secrets) {
        const [there] = await transaction.unsafe(
          "select vault.update_secret(id, $2) from vault.secrets where name = $1",
          [name, value],
        );
        if (!there) {
          await transaction.unsafe("select vault.create_secret($2, $1)", [
            name,
            value,
          ]);
        }
      }
    });
  } catch (error) {
    throw new StackError(`the Vault: ${reasonOf(error)}`, { cause: error });
  } finally {
    await sql.end();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
