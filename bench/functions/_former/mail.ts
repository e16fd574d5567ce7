import { send } from "../../../supabase/functions/process-email-queue/resend.ts";
import { mailSettings } from "../../../supabase/functions/process-email-queue/settings.ts";

/** A mail. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
}

/**
 * Sends a mail while the caller waits, as the former functions did. Where they asked another function to,
 * send-notification-email, only its request to the provider is made, which here is on loopback: its own
 * start and queries are left out, as is the way to the provider.
 */
export async function sendMail(mail: Mail): Promise<void> {
  const settings = mailSettings();
  const { outcome } = await send(
    crypto.randomUUID(),
    { from: settings.from, ...mail },
    settings,
  );
  if (outcome !== "sent") throw new Error(`the mail was not sent: ${outcome}`);
}
