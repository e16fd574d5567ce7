/**
 * A working local value for every secret the functions read, so that nothing has to be configured to
 * try them. The shell and supabase/functions/.env come first. None of these is used in production.
 */
export const LOCAL_DEFAULTS: Record<string, string> = {
  SITE_URL: "http://localhost:3000",
  CALENDAR_HMAC_SECRET: "local-calendar-secret-of-at-least-32-bytes",
  // Nothing listens there: mails wait in email_queue, and leave nothing on this machine.
  RESEND_API_KEY: "re_local",
  RESEND_API_URL: "http://127.0.0.1:9",
  EMAILS_PER_SECOND: "1000",
  STRIPE_WEBHOOK_SECRET: "whsec_local_stripe_webhook_secret",
  CALCOM_WEBHOOK_SECRET: "local-calcom-webhook-secret",
};
