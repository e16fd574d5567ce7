import { createClient } from "@supabase/supabase-js";
import { PUBLISHABLE_KEY } from "./keys.ts";

/** The people of supabase/seed.sql, who all have this password. */
export const DEMO_PASSWORD = "innotrue-demo";
export const DEMO_LOGINS = ["client", "peer", "coach", "leader", "admin"]
  .map((name) => `${name}@example.com`);

/** A calendar feed of the demo client's that can be opened at once; nothing without the seed. */
export async function demoCalendarUrl(
  url: string,
): Promise<string | undefined> {
  const client = createClient(url, PUBLISHABLE_KEY, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const [email = ""] = DEMO_LOGINS;
  const { error } = await client.auth.signInWithPassword({
    email,
    password: DEMO_PASSWORD,
  });
  if (error) return undefined;
  const { data } = await client.functions.invoke<{ url?: unknown }>(
    "generate-calendar-url",
    {
      method: "POST",
      body: {},
    },
  );
  return typeof data?.url === "string" ? data.url : undefined;
}
