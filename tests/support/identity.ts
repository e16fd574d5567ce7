import { must } from "./rows.ts";
import { api, secretClient } from "./stack.ts";

/** What a function answered. */
export interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}

/** POSTs JSON to a function, as the person whose access token is given. */
export async function post(
  name: string,
  body: unknown,
  token?: string,
): Promise<Answer> {
  const response = await fetch(`${api.url}/functions/v1/${name}`, {
    method: "POST",
    headers: {
      apikey: api.publishableKey,
      "Content-Type": "application/json",
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    body: await response.json(),
    headers: response.headers,
  };
}

/** Status and code of an answer: what a caller goes by. */
export function outcome({ status, body }: Answer): [number, unknown] {
  return [status, body.code];
}

/** SHA-256 in hex, as the database keeps a token. */
export async function hashOf(token: string): Promise<string> {
  const bytes = new TextEncoder().encode(token);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** A link for a change of address that was sent before, as the former web app had it. */
export async function givenLink(
  {
    person,
    newEmail,
    token = crypto.randomUUID(),
    oldEmail = person.email,
    ...values
  }: {
    person: { id: string; email: string };
    newEmail: string;
    token?: string;
    oldEmail?: string;
    expires_at?: string;
    created_at?: string;
  },
): Promise<string> {
  const hash = await hashOf(token);
  must(
    await secretClient().from("email_change_requests").insert({
      user_id: person.id,
      old_email: oldEmail,
      new_email: newEmail,
      verification_token: hash,
      token_hash: hash,
      expires_at: new Date(Date.now() + 1_800_000).toISOString(),
      ...values,
    }).select("id"),
  );
  return token;
}

/** The mails queued to an address, the oldest first. */
export async function mailsTo(email: string) {
  return must(
    await secretClient().from("email_queue")
      .select("template_key, template_data, user_id")
      .eq("recipient_email", email).order("created_at").order("template_key"),
  );
}

/** The template keys of the mails queued to an address. */
export async function mailKeysTo(email: string): Promise<string[]> {
  return (await mailsTo(email)).map(({ template_key }) => template_key);
}

/** What the audit log says of a user: `action outcome`, the oldest first. */
export async function auditOf(
  userId: string,
): Promise<{ act: string; actor_id: string | null; details: unknown }[]> {
  const lines = must(
    await secretClient().from("admin_audit_logs")
      .select("actor_id, action, details").eq("target_user_id", userId)
      .order("created_at"),
  );
  return lines.map(({ actor_id, action, details }) => ({
    act: `${action} ${outcomeIn(details)}`,
    actor_id,
    details,
  }));
}

/** What a profile says that belongs to auth.users. */
export async function profileOf(id: string) {
  return must(
    await secretClient().from("profiles").select("email, username, is_disabled")
      .eq("id", id).single(),
  );
}

function outcomeIn(details: unknown): unknown {
  return typeof details === "object" && details !== null &&
    Reflect.get(details, "outcome");
}
