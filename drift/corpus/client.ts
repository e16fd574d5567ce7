import { createClient } from "@supabase/supabase-js";
import type { Database } from "./database.types.ts";

const url = Deno.env.get("SUPABASE_URL") ?? "";

/** Sees everything: the server's own client. */
export const admin = createClient<Database>(
  url,
  Deno.env.get("SUPABASE_SERVICE_ROLE_KEY") ?? "",
);

/** The browser's client: anon until someone signs in. */
export const web = createClient<Database>(
  url,
  Deno.env.get("SUPABASE_ANON_KEY") ?? "",
);
