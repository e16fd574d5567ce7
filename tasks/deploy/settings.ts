/** An environment variable that functions read. */
export interface Setting {
  readonly name: string;
  /** Without a required one a function cannot do its work in production. */
  readonly required: boolean;
  /** What needs it, or what it changes. */
  readonly why: string;
}

const required = (name: string, why: string): Setting => ({
  name,
  required: true,
  why,
});

const optional = (name: string, why: string): Setting => ({
  name,
  required: false,
  why,
});

/** Every setting of the functions that a project has to be given, or may be. */
export const SETTINGS: readonly Setting[] = [
  required("CALENDAR_HMAC_SECRET", "signs calendar links"),
  required("RESEND_API_KEY", "process-email-queue sends with it"),
  required("STRIPE_WEBHOOK_SECRET", "stripe-webhook knows Stripe by it"),
  required(
    "STRIPE_SECRET_KEY",
    "stripe-webhook fetches what an event does not say",
  ),
  required("CALCOM_WEBHOOK_SECRET", "calcom-webhook knows Cal.com by it"),
  optional("SITE_URL", "the web app's address, where it is another"),
  optional(
    "PUBLIC_SUPABASE_URL",
    "the address in calendar links, where it is another",
  ),
  optional("EMAIL_FROM", "the sender of mails, where it is another"),
  optional("EMAILS_PER_SECOND", "how fast Resend takes mails"),
  optional("APP_ENV", "outside production, every mail goes to the override"),
  optional("STAGING_EMAIL_OVERRIDE", "the override"),
  optional("AI_API_KEY", "reflection prompts by a model"),
  optional("AI_MODEL", "that model; needed with AI_API_KEY"),
  optional("AI_BASE_URL", "that model's endpoint"),
  optional("AI_TIMEOUT_SECONDS", "how long an attempt at a model may take"),
  optional("RESEND_API_URL", "a stand-in for Resend"),
  optional("STRIPE_API_URL", "a stand-in for Stripe"),
];

/** What the platform gives each function. */
export const PLATFORM_SETTINGS: readonly string[] = [
  "SUPABASE_URL",
  "SUPABASE_PUBLISHABLE_KEYS",
  "SUPABASE_SECRET_KEYS",
  "SUPABASE_ANON_KEY",
  "SUPABASE_SERVICE_ROLE_KEY",
];
