import postgres from "postgres";
import * as z from "zod/mini";
import { StackError } from "../../stack/errors.ts";

/** What is looked at in the deployed database before anything is decided. */
export interface Deployed {
  /** The migrations it says were applied. */
  readonly history: readonly Ran[];
  /** Its tables in schema public. */
  readonly tables: ReadonlySet<string>;
  /** Those of them that have rows, as far as the role may read. */
  readonly filled: ReadonlySet<string>;
  /** Its functions in schema private, which the migrations after the baseline make. */
  readonly privates: ReadonlySet<string>;
  readonly hasCron: boolean;
  /** The Vault's secrets that pg_cron calls functions with; undefined where there is no Vault. */
  readonly vault: VaultSecrets | undefined;
}

const History = z.array(z.object({
  version: z.string(),
  name: z.prefault(z.nullable(z.string()), null),
  statements: z.prefault(z.nullable(z.array(z.nullable(z.string()))), null),
}));

/** A row of the migrations' history; what an older CLI did not keep is null. */
export interface Ran {
  readonly version: string;
  readonly name: string | null;
  readonly statements: readonly string[] | null;
}

/** By name; absent where the Vault lacks it. */
export type VaultSecrets = ReadonlyMap<string, string>;

export const VAULT_URL = "supabase_url";
export const VAULT_KEY = "supabase_secret_key";

const Look = z.object({
  history: z.boolean(),
  vault: z.boolean(),
  cron: z.boolean(),
  privates: z.array(z.string()),
  tables: z.array(z.string()),
  looks: z.array(z.string()),
});

const LOOK = `
  select
    to_regclass('supabase_migrations.schema_migrations') is not null as history,
    to_regclass('vault.decrypted_secrets') is not null as vault,
    to_regclass('cron.job') is not null as cron,
    array(select distinct p.proname::text from pg_catalog.pg_proc p
      join pg_catalog.pg_namespace n on n.oid = p.pronamespace where n.nspname = 'private') as privates,
    array(select tablename::text from pg_catalog.pg_tables where schemaname = 'public') as tables,
    array(select format('select %L as name where exists (select from %I.%I)', tablename, schemaname, tablename)
      from pg_catalog.pg_tables
      where schemaname = 'public' and has_table_privilege(format('%I.%I', schemaname, tablename), 'select')) as looks`;

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
  const { history, vault, cron, privates, tables, looks } = Look.parse(row);
  return {
    history: history ? await readHistory(sql) : [],
    tables: new Set(tables),
    filled: looks.length > 0 ? await readFilled(sql, looks) : new Set(),
    privates: new Set(privates),
    hasCron: cron,
    vault: vault ? await vaultSecrets(sql) : undefined,
  };
}

async function readFilled(
  sql: postgres.TransactionSql,
  looks: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql.unsafe<{ name: string }[]>(
    looks.join("\nunion all "),
  );
  return new Set(rows.map(({ name }) => name));
}

async function readHistory(sql: postgres.TransactionSql): Promise<Ran[]> {
  // older CLIs made the table without name and statements
  const rows = await sql.unsafe(
    `select to_jsonb(m) as row from supabase_migrations.schema_migrations m order by m.version`,
  );
  return History.parse(rows.map(({ row }) => row)).map((row) => ({
    ...row,
    statements: row.statements?.filter((it) => it !== null) ?? null,
  }));
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
