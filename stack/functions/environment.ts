import { parseEnv } from "node:util";
import { LOCAL_DEFAULTS } from "../defaults.ts";
import { PUBLISHABLE_KEY, SECRET_KEY } from "../keys.ts";
import { JWKS } from "../tokens.ts";

/** Not the shell's to set: the platform's names, and those that steer the stack itself. */
const RESERVED = /^(SUPABASE|LITE|STACK)_/;

/**
 * The environment a function runs in: the local defaults, then its .env file, then the shell's, then
 * what the platform gives and nobody can override.
 */
export function functionEnvironment(
  url: string,
  dbUrl: string | undefined,
  dotEnv: string,
): Record<string, string> {
  const platform: Record<string, string> = {
    SUPABASE_URL: url,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: PUBLISHABLE_KEY }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: SECRET_KEY }),
    SUPABASE_JWKS: JSON.stringify(JWKS),
    ...(dbUrl ? { SUPABASE_DB_URL: dbUrl } : {}),
  };
  const shell = Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) =>
      !RESERVED.test(name)
    ),
  );
  return { ...LOCAL_DEFAULTS, ...parseDotEnv(dotEnv), ...shell, ...platform };
}

function parseDotEnv(text: string): Record<string, string> {
  const parsed = Object.entries(parseEnv(text));
  return Object.fromEntries(
    parsed.filter((pair): pair is [string, string] => !!pair[1]),
  );
}
