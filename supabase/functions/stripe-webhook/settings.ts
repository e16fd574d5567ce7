import { ConfigurationError } from "../_shared/errors.ts";
import { webhookSecrets } from "../_shared/webhook_secrets.ts";

/** The signing secrets of the endpoint. @throws {ConfigurationError} `setting_missing` */
export function signingSecrets(): string[] {
  return webhookSecrets("STRIPE_WEBHOOK_SECRET");
}

/** The key of Stripe's API. @throws {ConfigurationError} `setting_missing` */
export function apiKey(): string {
  const key = Deno.env.get("STRIPE_SECRET_KEY");
  if (key) return key;
  const name = "STRIPE_SECRET_KEY";
  throw new ConfigurationError(name, `${name} is not set.`, "setting_missing");
}

/** The mode of that key: whether it is for real money. Nothing where there is no key that says so. */
export function isLive(): boolean | undefined {
  const mode = /^[a-z]+_(live|test)_/.exec(
    Deno.env.get("STRIPE_SECRET_KEY") ?? "",
  )?.[1];
  return mode === undefined ? undefined : mode === "live";
}

/** Where Stripe's API is: STRIPE_API_URL, else Stripe's own. @throws {ConfigurationError} */
export function apiUrl(): URL {
  const url = Deno.env.get("STRIPE_API_URL") || "https://api.stripe.com";
  if (!URL.canParse(url)) throw new ConfigurationError("STRIPE_API_URL");
  return new URL(url);
}
