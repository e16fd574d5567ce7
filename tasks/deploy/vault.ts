import { StackError } from "../../stack/errors.ts";
import {
  type Deployed,
  VAULT_KEY,
  VAULT_URL,
  type VaultSecrets,
} from "./database.ts";

/**
 * What the Vault has to be given, so that pg_cron can call functions: the project's address, and the key that
 * the functions know it by. Empty where it has both, or where there is no Vault.
 *
 * @throws {StackError} when the key is missing and the access token may not read it
 */
export function planVault(
  project: string,
  { vault }: Deployed,
  secretKey: string | undefined,
): VaultSecrets {
  if (!vault) return new Map();
  if (secretKey === undefined && !vault.has(VAULT_KEY)) {
    throw new StackError(
      `the Vault lacks ${VAULT_KEY}, and the access token may not read the project's secret key. ` +
        `In the SQL editor: select vault.create_secret('sb_secret_…', '${VAULT_KEY}')`,
    );
  }
  const wanted = new Map([[VAULT_URL, `https://${project}.supabase.co`]]);
  if (secretKey !== undefined) wanted.set(VAULT_KEY, secretKey);
  return new Map(
    [...wanted].filter(([name, value]) => vault.get(name) !== value),
  );
}
