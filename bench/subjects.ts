import type { Subject } from "./subject.ts";
import { acceptOrgInvite } from "./subjects/accept_org_invite.ts";
import { calcomWebhook } from "./subjects/calcom_webhook.ts";
import { calendarFeed } from "./subjects/calendar_feed.ts";
import { creditMaintenance } from "./subjects/credit_maintenance.ts";
import { floor } from "./subjects/floor.ts";
import { stripeWebhook } from "./subjects/stripe_webhook.ts";

/** Everything that is measured, in the order of the table. */
export const SUBJECTS: readonly Subject[] = [
  floor,
  calendarFeed,
  acceptOrgInvite,
  stripeWebhook,
  calcomWebhook,
  creditMaintenance,
];
