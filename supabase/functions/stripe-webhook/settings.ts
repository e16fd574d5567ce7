import { ConfigurationError } from "../_shared/errors.ts";

/**
 * The signing secrets of the endpoint: STRIPE_WEBHOOK_SECRET, comma-separated, so that the old one goes
 * on working while a new one is rolled out.
 *
 * @throws {ConfigurationError} `setting_missing` when there is none: Stripe comes again by itself
 */
export function webhookSecrets(): string[] {
  const secrets = (Deno.env.get("STRIPE_WEBHOOK_SECRET") ?? "").split(",")
    .map((secret) => secret.trim()).filter((secret) => secret !== "");
  if (secrets.length === 0) throw missing("STRIPE_WEBHOOK_SECRET");
  return secrets;
}

/** The key of Stripe's API. @throws {ConfigurationError} `setting_missing` */
export function apiKey(): string {
  const key = Deno.env.get("STRIPE_SECRET_KEY");
  if (!key) throw missing("STRIPE_SECRET_KEY");
  return key;
}

/** Where Stripe's API is: STRIPE_API_URL, else Stripe's own. @throws {ConfigurationError} */
export function apiUrl(): URL {
  const url = Deno.env.get("STRIPE_API_URL") || "https://api.stripe.com";
  if (!URL.canParse(url)) throw new ConfigurationError("STRIPE_API_URL");
  return new URL(url);
}

function missing(name: string): ConfigurationError {
  return new ConfigurationError(name, `${name} is not set.`, "setting_missing");
}
