import { createClient } from "@supabase/supabase-js";
import type { Database } from "../../../supabase/functions/_shared/database.types.ts";
import {
  secretKey,
  supabaseUrl,
} from "../../../supabase/functions/_shared/env.ts";

/** supabase-js with the secret key, made anew at each request, as the former functions did. */
export function serviceClient() {
  return createClient<Database>(supabaseUrl(), secretKey(), {
    auth: { persistSession: false, autoRefreshToken: false },
  });
}

/** supabase-js with the secret key. */
export type ServiceClient = ReturnType<typeof serviceClient>;

/**
 * The rows of an answer. The former functions left `error` unread; a stand-in that answers 200 over a
 * failed query would look fast.
 */
export function rowsOf<Row>(
  answer: { data: Row[] | null; error: { message: string } | null },
): Row[] {
  if (answer.error) throw new Error(answer.error.message);
  return answer.data ?? [];
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
