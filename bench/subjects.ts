import type { Subject } from "./subject.ts";
import { acceptOrgInvite } from "./subjects/accept_org_invite.ts";
import { calcomWebhook } from "./subjects/calcom_webhook.ts";
import { calendarFeed } from "./subjects/calendar_feed.ts";
import { checkOrgSeatLimits } from "./subjects/check_org_seat_limits.ts";
import { creditMaintenance } from "./subjects/credit_maintenance.ts";
import { deleteUser } from "./subjects/delete_user.ts";
import { exportFeatureConfig } from "./subjects/export_feature_config.ts";
import { floor } from "./subjects/floor.ts";
import { generateCalendarUrl } from "./subjects/generate_calendar_url.ts";
import { generateReflectionPrompt } from "./subjects/generate_reflection_prompt.ts";
import { processEmailQueue } from "./subjects/process_email_queue.ts";
import { requestEmailChange } from "./subjects/request_email_change.ts";
import { sendOrgInvite } from "./subjects/send_org_invite.ts";
import { stripeWebhook } from "./subjects/stripe_webhook.ts";
import { updateUserEmail } from "./subjects/update_user_email.ts";
import { verifyEmailChange } from "./subjects/verify_email_change.ts";

/** Everything that is measured, in the order of the table: every function, as a test sees to. */
export const SUBJECTS: readonly Subject[] = [
  floor,
  calendarFeed,
  generateCalendarUrl,
  acceptOrgInvite,
  sendOrgInvite,
  checkOrgSeatLimits,
  stripeWebhook,
  calcomWebhook,
  requestEmailChange,
  verifyEmailChange,
  updateUserEmail,
  deleteUser,
  generateReflectionPrompt,
  exportFeatureConfig,
  processEmailQueue,
  creditMaintenance,
];
