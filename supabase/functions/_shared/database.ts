import { PostgrestClient } from "@supabase/postgrest-js";
import type { Database } from "./database.types.ts";
import { publishableKey, secretKey, supabaseUrl } from "./env.ts";
import { CallError } from "./errors.ts";
import type { Meter } from "./meter.ts";

/** A function of the Data API. */
type Functions = Database["public"]["Functions"];

/** How long a call may take before the database counts as away, unless the function says more. */
const TIMEOUT_MS = 10_000;

/** Thrown when a call of the database fails; its code is an SQLSTATE or PostgREST's. */
export class DatabaseError extends CallError {
  override name = "DatabaseError";

  /** Whether private.check_request() refused the user, who is disabled and holds a token that still runs. */
  get isDisabledCaller(): boolean {
    return this.code === "PT403";
  }
}

/**
 * The one way to the database: typed calls of SQL functions that throw.
 *
 * @example
 * const feed = await asService(meter).call("calendar_feed", { p_user_id: id });
 */
export interface Caller {
  /** Calls a function of the schema public. @throws {DatabaseError} on any failure */
  call<Name extends keyof Functions & string>(
    name: Name,
    args: Functions[Name]["Args"],
  ): Promise<Functions[Name]["Returns"]>;
}

/** Calls as service_role, past row level security: for webhooks, feeds and cron. */
export function asService(meter: Meter, timeoutMs = TIMEOUT_MS): Caller {
  const key = secretKey();
  return caller({ apikey: key, ...legacyBearer(key) }, meter, timeoutMs);
}

/** Calls as the user whose verified access token this is, under row level security. */
export function asUser(token: string, meter: Meter): Caller {
  return caller(
    { apikey: publishableKey(), Authorization: `Bearer ${token}` },
    meter,
    TIMEOUT_MS,
  );
}

function caller(
  headers: Record<string, string>,
  meter: Meter,
  timeoutMs: number,
): Caller {
  const client = new PostgrestClient<Database>(`${supabaseUrl()}/rest/v1`, {
    headers,
  });
  return {
    async call(name, args) {
      const { data, error, status } = await meter.measure(
        client.rpc(name, args).abortSignal(AbortSignal.timeout(timeoutMs)),
      );
      if (error) throw new DatabaseError(name, error.code ?? "", status);
      return data;
    },
  };
}

/** The older keys are JWTs and name the role as bearer; sb_secret_… goes on `apikey` alone. */
function legacyBearer(key: string): Record<string, string> {
  return key.startsWith("sb_") ? {} : { Authorization: `Bearer ${key}` };
}
