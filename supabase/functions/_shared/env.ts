import { ConfigurationError } from "./errors.ts";

/**
 * The value of an environment variable, read at each call so that a rotated secret takes effect.
 *
 * @param sentence what the caller of the function is told when it is missing
 * @throws {ConfigurationError} when it is missing or empty
 */
export function required(name: string, sentence?: string): string {
  const value = Deno.env.get(name);
  if (!value) throw new ConfigurationError(name, sentence);
  return value;
}

/** The API's address as the functions reach it, which inside the platform may be an internal one. */
export function supabaseUrl(): string {
  return withoutSlash(required("SUPABASE_URL"));
}

/** The API's address as the world reaches it: PUBLIC_SUPABASE_URL, else SUPABASE_URL. */
export function publicUrl(): string {
  return withoutSlash(
    Deno.env.get("PUBLIC_SUPABASE_URL") || required("SUPABASE_URL"),
  );
}

/** The web app's address: SITE_URL, else production's. */
export function siteUrl(): string {
  return withoutSlash(Deno.env.get("SITE_URL") || "https://app.innotrue.com");
}

/** The key for calls without a user, under row level security: sb_publishable_…, else the older anon JWT. */
export function publishableKey(): string {
  return defaultKey("SUPABASE_PUBLISHABLE_KEYS") ??
    required("SUPABASE_ANON_KEY");
}

/** The key that bypasses row level security: sb_secret_…, else the older service role JWT. */
export function secretKey(): string {
  return defaultKey("SUPABASE_SECRET_KEYS") ??
    required("SUPABASE_SERVICE_ROLE_KEY");
}

/** The platform hands over keys as a JSON map from name to key; `default` is the one made for everybody. */
function defaultKey(name: string): string | undefined {
  const json = Deno.env.get(name);
  if (!json) return undefined;
  let keys: unknown;
  try {
    keys = JSON.parse(json);
  } catch {
    throw new ConfigurationError(name);
  }
  if (typeof keys !== "object" || keys === null) {
    throw new ConfigurationError(name);
  }
  const key: unknown = Reflect.get(keys, "default") ?? Object.values(keys)[0];
  if (typeof key !== "string" || key === "") throw new ConfigurationError(name);
  return key;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
