/** How the tests find the API they test. */
export interface ApiEnvironment extends Record<string, string> {
  SUPABASE_URL: string;
  SUPABASE_PUBLISHABLE_KEY: string;
  SUPABASE_SECRET_KEY: string;
}

/**
 * Reads the keys of the API at `url` from an environment, under our names, those of
 * `supabase status -o env` and those of the older keys. Nothing unless both are there.
 */
export function environmentOf(
  url: string | undefined,
  env: Record<string, string>,
): ApiEnvironment | undefined {
  const publishable = env.SUPABASE_PUBLISHABLE_KEY ?? env.PUBLISHABLE_KEY ??
    env.SUPABASE_ANON_KEY;
  const secret = env.SUPABASE_SECRET_KEY ?? env.SECRET_KEY ??
    env.SUPABASE_SERVICE_ROLE_KEY;
  if (!url || !publishable || !secret) return undefined;
  const db = env.SUPABASE_DB_URL ?? env.DB_URL;
  return {
    SUPABASE_URL: url,
    SUPABASE_PUBLISHABLE_KEY: publishable,
    SUPABASE_SECRET_KEY: secret,
    ...(db ? { SUPABASE_DB_URL: db } : {}),
  };
}
