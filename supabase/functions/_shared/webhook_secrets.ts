import { ConfigurationError } from "./errors.ts";

/**
 * The secrets that a webhook's sender may sign with: a comma-separated list in an environment variable,
 * so that a new one can be taken in before the old one is given up.
 *
 * @throws {ConfigurationError} `setting_missing` when there is none: nothing is taken in unsigned
 */
export function webhookSecrets(variable: string): string[] {
  const secrets = (Deno.env.get(variable) ?? "").split(",")
    .map((secret) => secret.trim()).filter((secret) => secret !== "");
  if (secrets.length > 0) return secrets;
  throw new ConfigurationError(
    variable,
    `${variable} is not set.`,
    "setting_missing",
  );
}
