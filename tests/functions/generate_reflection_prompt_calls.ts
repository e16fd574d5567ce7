import { assertEquals } from "@std/assert";
import reflection from "../../supabase/functions/generate-reflection-prompt/index.ts";
import type { Person } from "../support/people.ts";
import { api } from "../support/stack.ts";

/** When the tests take place. */
export const WEDNESDAY = new Date("2031-03-05T12:00:00Z");

/** What generate-reflection-prompt answers. */
export interface Answer {
  prompt: { id: string; prompt_text: string; period_start: string };
  isNew: boolean;
  source: string;
}

/** The function in this process, at a given time. */
export async function callAt(
  person: Person,
  body: Record<string, unknown> = {},
  now = WEDNESDAY,
): Promise<Response> {
  const jwks = await fetch(`${api.url}/auth/v1/.well-known/jwks.json`);
  Deno.env.set("SUPABASE_JWKS", await jwks.text());
  Deno.env.set("SUPABASE_URL", api.url);
  Deno.env.set(
    "SUPABASE_PUBLISHABLE_KEYS",
    JSON.stringify({ default: api.publishableKey }),
  );
  return await reflection.fetchAt(
    new Request("http://localhost/generate-reflection-prompt", {
      method: "POST",
      headers: { Authorization: `Bearer ${person.token}` },
      body: JSON.stringify(body),
    }),
    now,
  );
}

/** The prompt that somebody gets. */
export async function promptAt(
  person: Person,
  body: Record<string, unknown> = {},
  now = WEDNESDAY,
): Promise<Answer> {
  const response = await callAt(person, body, now);
  assertEquals(response.status, 200);
  return await response.json();
}

/** Lets somebody's data go to the AI. */
export async function consent(person: Person): Promise<Person> {
  const { error } = await person.client.from("ai_preferences").upsert({
    user_id: person.id,
    ai_insights_enabled: true,
    consent_given_at: "2031-01-01T00:00:00Z",
  }, { onConflict: "user_id" });
  if (error) throw error;
  return person;
}
