import { assertEquals } from "@std/assert";
import { createClient } from "@supabase/supabase-js";
import { DEMO_LOGINS, DEMO_PASSWORD } from "../../stack/calendar_url.ts";
import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import { must } from "../support/rows.ts";
import { spawnStack } from "../../tasks/support/spawn_stack.ts";
import { hostedTest, onConnection, onNewProject } from "./hosted.ts";

/** What GoTrue fails on where it is null: it reads these as times and strings. */
const NULLS = `
select u.id from auth.users u
where num_nulls(u.instance_id, u.aud, u.role, u.created_at, u.updated_at, u.confirmation_token,
  u.recovery_token, u.email_change_token_new, u.email_change) > 0
union all
select i.user_id from auth.identities i
where num_nulls(i.created_at, i.updated_at, i.last_sign_in_at, i.email) > 0`;

hostedTest(
  "task start seeds a project with Auth's own tables, and its people sign in and refresh",
  (url) =>
    onNewProject(url, async (project) => {
      const stack = await spawnStack(["--port", "0", "--db", project], {
        log: await Deno.makeTempFile({ suffix: ".log" }),
        quiet: true,
      });
      try {
        const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY } = stack.environment;
        for (const email of DEMO_LOGINS) {
          const client = createClient<Database>(
            SUPABASE_URL,
            SUPABASE_PUBLISHABLE_KEY,
            { auth: { persistSession: false, autoRefreshToken: false } },
          );
          const password = DEMO_PASSWORD;
          const signedIn = await client.auth.signInWithPassword({
            email,
            password,
          });
          assertEquals(signedIn.error, null);
          assertEquals((await client.auth.refreshSession()).error, null);
          const profile = must(
            await client.from("profiles").select("email")
              .eq("id", signedIn.data.user?.id ?? "").single(),
          );
          assertEquals(profile.email, email);
        }
        const nulls = await onConnection(project, (sql) => sql.unsafe(NULLS));
        assertEquals([...nulls], []);
      } finally {
        await stack.stop();
      }
    }),
);
