import type { Database } from "../_shared/database.types.ts";
import { type Message, send } from "./resend.ts";
import type { MailSettings } from "./settings.ts";
import { renderHtml, renderSubject } from "./template.ts";

/** A mail as claim_emails hands it out: its template and the values for it. */
type Claimed =
  Database["public"]["Functions"]["claim_emails"]["Returns"][number];

/** What became of a mail, as settle_emails takes it. */
export type Result = {
  readonly id: string;
  readonly outcome: "sent" | "retry" | "dead" | "released";
  readonly provider_id?: string;
  /** Why not; for a sent one, which values its template lacked. */
  readonly reason?: string;
  /** Seconds to wait at least. */
  readonly retry_after?: number;
};

/** A run ends before the platform ends it, and before the claim does. */
const DEADLINE_MS = 50_000;

/**
 * Sends mails one after another at the provider's pace. When the provider refuses all of them (a bad key,
 * a quota) or time is up, the rest is released: not tried, not counted.
 */
export async function deliver(
  mails: readonly Claimed[],
  settings: MailSettings,
  now: Date,
): Promise<{ results: Result[]; refused: boolean }> {
  const started = performance.now();
  const results: Result[] = [];
  let pause: number | undefined;
  let refused = false;
  for (const [index, { id, ...mail }] of mails.entries()) {
    await until(started + index * 1000 / settings.rate);
    if (performance.now() - started > DEADLINE_MS) pause ??= 0;
    if (pause !== undefined) {
      results.push({ id, outcome: "released", retry_after: pause });
      continue;
    }
    const { message, missing } = compose(mail, settings, now);
    const delivery = await send(id, message, settings);
    if (delivery.outcome !== "refused") {
      const reason = missing.length > 0
        ? `without ${missing.join(", ")}`
        : undefined;
      results.push({ id, reason, ...delivery });
      continue;
    }
    refused ||= !delivery.temporary;
    pause = delivery.retry_after;
    results.push({
      id,
      outcome: "released",
      reason: delivery.reason,
      retry_after: pause,
    });
  }
  return { results, refused };
}

function compose(
  mail: Omit<Claimed, "id">,
  settings: MailSettings,
  now: Date,
): { message: Message; missing: string[] } {
  const values = {
    siteUrl: settings.siteUrl,
    currentYear: now.getUTCFullYear(),
    ...(isRecord(mail.data) ? mail.data : {}),
  };
  const data = { ...values, link: absolute(Reflect.get(values, "link")) };
  const subject = renderSubject(mail.subject, data);
  const html = renderHtml(mail.html_content, data);
  const to = mail.recipient_email;
  return {
    message: {
      from: settings.from,
      to: settings.override ?? addressed(mail.recipient_name, to),
      subject: settings.override
        ? `[STAGING → ${to}] ${subject.text}`
        : subject.text,
      html: html.text,
    },
    missing: [...new Set([...subject.missing, ...html.missing])],
  };

  /** A notification's link is a path of the web app, or nothing. */
  function absolute(link: unknown): string {
    if (typeof link !== "string" || link === "") return settings.siteUrl;
    return link.startsWith("/") ? settings.siteUrl + link : link;
  }
}

/** RFC 5322 §3.4, the name as a quoted string. */
function addressed(name: string, address: string): string {
  // deno-lint-ignore no-control-regex -- a line end would start another header
  const plain = name.replaceAll(/[\u0000-\u001f"\\<>]/g, " ").trim();
  return plain === "" ? address : `"${plain}" <${address}>`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function until(time: number): Promise<void> {
  const wait = time - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
}
