import type { MailSettings } from "./settings.ts";

/** A mail as Resend's `POST /emails` takes it. */
export interface Message {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
}

/** What Resend made of a mail. */
export type Delivery =
  | { readonly outcome: "sent"; readonly provider_id?: string }
  | {
    readonly outcome: "retry" | "dead";
    /** Status and name of the error: its message may quote the address. */
    readonly reason: string;
    readonly retry_after?: number;
  }
  | {
    /** Not this mail but all of them: the key, the domain, the rate, the quota. */
    readonly outcome: "refused";
    readonly reason: string;
    /** Whether it passes by itself. */
    readonly temporary: boolean;
    readonly retry_after: number;
  };

const TIMEOUT_MS = 10_000;

/**
 * Sends one mail. `id` is its Idempotency-Key: sending it again within 24 hours sends nothing twice.
 * Never throws. Errors: https://resend.com/docs/api-reference/errors
 */
export async function send(
  id: string,
  { to, ...message }: Message,
  { apiKey, apiUrl }: MailSettings,
): Promise<Delivery> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`${apiUrl}/emails`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${apiKey}`,
        "Content-Type": "application/json",
        "Idempotency-Key": id,
      },
      body: JSON.stringify({ ...message, to: [to] }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    body = await response.json().catch(() => undefined); // no JSON: the status says enough
  } catch (error) {
    const reason = error instanceof Error ? error.name : "no answer";
    return { outcome: "retry", reason };
  }
  if (response.ok) {
    return { outcome: "sent", provider_id: textOf(body, "id") };
  }
  return judge(response, textOf(body, "name") ?? "error");
}

function judge({ status, headers }: Response, name: string): Delivery {
  const reason = `${status} ${name}`;
  if (name === "invalid_idempotent_request") {
    return { outcome: "sent" }; // taken before, with other words: the template has been edited since
  }
  if (status === 429) {
    const after = Number(headers.get("Retry-After"));
    const pause = name.endsWith("quota_exceeded") ? 3600 : 1;
    return {
      outcome: "refused",
      reason,
      temporary: true,
      retry_after: after > 0 ? after : pause,
    };
  }
  if (status === 401 || status === 403) {
    return { outcome: "refused", reason, temporary: false, retry_after: 300 };
  }
  const passes = status >= 500 || status === 408 || status === 409;
  return { outcome: passes ? "retry" : "dead", reason };
}

function textOf(body: unknown, key: string): string | undefined {
  const value: unknown = typeof body === "object" && body !== null
    ? Reflect.get(body, key)
    : undefined;
  return typeof value === "string" ? value : undefined;
}
