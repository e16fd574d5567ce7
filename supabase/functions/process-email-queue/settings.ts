import { required, siteUrl } from "../_shared/env.ts";

/** What sending needs to know. */
export interface MailSettings {
  /** Resend's API key. */
  readonly apiKey: string;
  /** Resend's address, or that of a stand-in. */
  readonly apiUrl: string;
  /** `Name <address>` of the sender; its domain has to be verified at Resend. */
  readonly from: string;
  /** Mails a second at most. */
  readonly rate: number;
  /** Outside production, everybody's mail goes here instead. */
  readonly override: string | undefined;
  readonly siteUrl: string;
}

/** @throws {ConfigurationError} without RESEND_API_KEY */
export function mailSettings(): MailSettings {
  const environment = Deno.env.get("APP_ENV") || "production";
  return {
    apiKey: required("RESEND_API_KEY"),
    apiUrl: Deno.env.get("RESEND_API_URL") || "https://api.resend.com",
    from: Deno.env.get("EMAIL_FROM") ||
      "InnoTrue Hub <noreply@innotrue.com>",
    rate: Number(Deno.env.get("EMAILS_PER_SECOND")) || 2,
    override: environment === "production"
      ? undefined
      : Deno.env.get("STAGING_EMAIL_OVERRIDE") || undefined,
    siteUrl: siteUrl(),
  };
}
