import { assertEquals } from "@std/assert";
import process from "../../supabase/functions/process-email-queue/index.ts";
import { uniqueEmail } from "../support/people.ts";
import { type Insert, must, unique } from "../support/rows.ts";
import { api, secretClient } from "../support/stack.ts";

const db = secretClient();

/**
 * A day of long ago for each test, on which it runs the sender: of what other tests queue, nothing is due
 * then.
 */
export function aDayOfItsOwn(): Date {
  const days = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return new Date(Date.UTC(1900) + (days % 36_000) * 86_400_000);
}

/** So many minutes after `day`. */
export function minutesAfter(day: Date, minutes: number): Date {
  return new Date(day.getTime() + minutes * 60_000);
}

/** A template of its own. Returns its key. */
export async function givenTemplate(
  subject: string,
  html: string,
): Promise<string> {
  const key = unique("template");
  must(
    await db.from("email_templates").insert({
      template_key: key,
      name: key,
      subject,
      html_content: html,
    }).select(),
  );
  return key;
}

/** A mail that is due on `day`. */
export async function givenMail(
  day: Date,
  values: Insert<"email_queue"> = {},
): Promise<{ id: string; recipient_email: string }> {
  return must(
    await db.from("email_queue").insert({
      recipient_email: uniqueEmail(),
      recipient_name: "Ana Pop",
      template_key: "notification",
      template_data: {
        title: "Hello",
        message: "World",
        link: null,
        user_name: "Ana Pop",
      },
      scheduled_for: day.toISOString(),
      ...values,
    }).select("id, recipient_email").single(),
  );
}

/** The row of a mail. */
export async function mailOf({ id }: { id: string }) {
  return must(
    await db.from("email_queue").select().eq("id", id).single(),
  );
}

/** Runs the sender in this process at a given time. */
export async function processAt(now: Date): Promise<Response> {
  Deno.env.set("SUPABASE_URL", api.url);
  Deno.env.set(
    "SUPABASE_SECRET_KEYS",
    JSON.stringify({ default: api.secretKey }),
  );
  return await process.fetchAt(
    new Request("http://localhost/process-email-queue", {
      method: "POST",
      headers: { apikey: api.secretKey },
    }),
    now,
  );
}

/** What a run answers. */
export async function runAt(now: Date): Promise<unknown> {
  const response = await processAt(now);
  assertEquals(response.status, 200);
  return await response.json();
}
