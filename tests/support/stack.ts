import { createClient } from "@supabase/supabase-js";
import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import { environmentOf } from "../../tasks/support/environment.ts";

/** The Supabase under test: the embedded stack or any other. */
export interface Api {
  url: string;
  publishableKey: string;
  secretKey: string;
  /** Where a client can connect; nothing on PGlite. */
  dbUrl: string | undefined;
}

/** Read from the environment that `deno task test` sets. */
export const api: Api = readApi();

/** A supabase-js client. */
export type Client = ReturnType<typeof anonClient>;

/** What a visitor's browser has: the publishable key, and a session once it signs in. */
export function anonClient() {
  return createClient<Database>(api.url, api.publishableKey, { auth: AUTH });
}

/** What a function or pg_cron has: the secret key, which row-level security does not bind. */
export function secretClient() {
  return createClient<Database>(api.url, api.secretKey, { auth: AUTH });
}

/**
 * Spread into `Deno.test` for what needs parallel connections, which PGlite does not have. Such a test
 * says "on real Postgres" in its name. With REQUIRE_POSTGRES=1 (as in CI) it is never skipped.
 */
export const realPostgres: { ignore: boolean; reason: string } = {
  ignore: api.dbUrl === undefined && Deno.env.get("REQUIRE_POSTGRES") !== "1",
  reason: "needs a real server: deno task test --db <url>",
};

/**
 * How much of something a test goes through: all of it on a real server, as in CI, and a sample on PGlite,
 * which is what everybody runs before every push.
 */
export function sample(size: number, all: number): number {
  return api.dbUrl ? all : size;
}

const AUTH = {
  persistSession: false,
  autoRefreshToken: false,
  detectSessionInUrl: false,
};

function readApi(): Api {
  const environment = environmentOf(
    Deno.env.get("SUPABASE_URL"),
    Deno.env.toObject(),
  );
  if (!environment) {
    throw new Error(
      'SUPABASE_URL and its keys are not set: run "deno task test"',
    );
  }
  return {
    url: environment.SUPABASE_URL,
    publishableKey: environment.SUPABASE_PUBLISHABLE_KEY,
    secretKey: environment.SUPABASE_SECRET_KEY,
    dbUrl: environment.SUPABASE_DB_URL,
  };
}
