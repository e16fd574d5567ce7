import { createClient } from "@supabase/supabase-js";
import type { Database } from "../../../supabase/functions/_shared/database.types.ts";
import {
  publishableKey,
  secretKey,
  supabaseUrl,
} from "../../../supabase/functions/_shared/env.ts";

const AUTH = { persistSession: false, autoRefreshToken: false };

/** supabase-js with the secret key, made anew at each request, as the former functions did. */
export function serviceClient() {
  return createClient<Database>(supabaseUrl(), secretKey(), { auth: AUTH });
}

/** supabase-js with the bearer that a request came with, under row level security. */
export function userClient(request: Request) {
  const Authorization = request.headers.get("Authorization") ?? "";
  return createClient<Database>(supabaseUrl(), publishableKey(), {
    auth: AUTH,
    global: { headers: { Authorization } },
  });
}

/** supabase-js with the secret key. */
export type ServiceClient = ReturnType<typeof serviceClient>;
/** supabase-js with a user's bearer. */
export type UserClient = ReturnType<typeof userClient>;

interface Answer {
  data: unknown;
  error: { message: string } | null;
}

/** An answer that says of no failure. */
type Success<Of extends Answer> = Extract<Of, { data: unknown; error: null }>;

/**
 * What an answer holds. The former functions left `error` unread; a stand-in that answers 200 over a
 * failed query would look fast.
 */
export function must<Of extends Answer>(answer: Of): Success<Of>["data"] {
  if (!hasSucceeded(answer)) throw new Error(answer.error?.message);
  return answer.data;
}

/** The rows of an answer, read in the same way. */
export function rowsOf<Row>(
  answer: { data: Row[] | null; error: { message: string } | null },
): Row[] {
  if (answer.error) throw new Error(answer.error.message);
  return answer.data ?? [];
}

function hasSucceeded<Of extends Answer>(answer: Of): answer is Success<Of> {
  return answer.error === null;
}

/** What the former functions' one `try` made of a failure. */
export async function answering(
  handle: () => Promise<Response>,
): Promise<Response> {
  try {
    return await handle();
  } catch (error) {
    console.error(error);
    return Response.json({ error: "Internal server error" }, { status: 500 });
  }
}
