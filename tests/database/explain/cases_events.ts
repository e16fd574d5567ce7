import { readEvent } from "../../../supabase/functions/calcom-webhook/event.ts";
import { envelopeSchema } from "../../../supabase/functions/calcom-webhook/payload.ts";
import { bodyOf, type Booked } from "../../support/calcom.ts";
import {
  StripeAccount,
  type StripeEvent,
} from "../../support/stripe_account.ts";
import {
  DisputeLife,
  PaymentLife,
  refunded,
} from "../../support/stripe_payments.ts";
import { SubscriptionLife } from "../../support/stripe_subscriptions.ts";
import { instalmentMetadata } from "../../support/stripe_world.ts";
import {
  ADMIN,
  type Case,
  COACH_ADDRESS,
  NEW,
  service,
  SIGN_UP,
  signedIn,
} from "./case.ts";
import { id } from "./fill.ts";

const TEAM = "00000000-0000-4000-8000-000000000003";
const BUYER = NEW.slice(1, 37);
const PACKAGE = "00000000-0000-4000-8000-000000000002";
const account = new StripeAccount(Math.floor(Date.now() / 1000) - 864_000);

const PRICED = `${SIGN_UP}
  update public.plan_prices set stripe_price_id = 'price_of_the_plan'
  where id = (select id from public.plan_prices limit 1);
  insert into public.credit_topup_packages (id, name, slug, credit_value, price_cents)
  values ('${PACKAGE}', 'Package', 'the-package', 100, 10000);
  insert into public.organizations (id, name, slug) values ('${TEAM}', 'Team', 'the-team');
  update public.org_platform_tiers set stripe_monthly_price_id = 'price_of_the_tier'
  where id = (select id from public.org_platform_tiers limit 1);`;

const subscription = new SubscriptionLife(account, {
  price: "price_of_the_plan",
  metadata: { type: "user_subscription", user_id: BUYER },
});
const purchase = new PaymentLife(account, {
  amount: 10_000,
  metadata: { package_id: PACKAGE, user_id: BUYER },
});
const instalments = new SubscriptionLife(account, {
  price: "price_of_instalments",
  metadata: instalmentMetadata({
    user: { type: "user", id: BUYER },
    packageId: PACKAGE,
    credits: 300,
    total: 30_000,
    count: 3,
    expiresAt: "2099-01-01T00:00:00Z",
  }).subscription,
});

const active = subscription.updated("active");
const ofOrganization = new SubscriptionLife(account, {
  price: "price_of_the_tier",
  metadata: { type: "org_platform_subscription", organization_id: TEAM },
}).updated("active");
const renewed = subscription.paid(2_900).event;
const deleted = subscription.deleted();
const completed = purchase.completed();
const first = instalments.paid(10_000, { reason: "subscription_create" }).event;
const second = instalments.paid(10_000).event;
const failed = instalments.failed(10_000).event;
const refund = refunded(account, purchase.charge, 5_000);
const dispute = new DisputeLife(account, purchase.charge).created();

const applied = (event: StripeEvent) =>
  `select * from public.apply_stripe_event($event$${
    JSON.stringify(event)
  }$event$::jsonb)`;
const stripe = (what: string, event: StripeEvent, ...before: StripeEvent[]) =>
  service("apply_stripe_event", applied(event), {
    what,
    before: [PRICED, ...before.map((it) => `${applied(it)};`)].join("\n"),
    answers: '"status":"applied"',
  });

const STRIPE: Case[] = [
  stripe("a subscription", active),
  stripe("its renewal", renewed, active),
  stripe("its end", deleted, active),
  stripe("an organisation's subscription", ofOrganization),
  stripe("a purchase", completed),
  stripe("the first instalment", first),
  stripe("the second instalment", second, first),
  stripe("an instalment that fails", failed, first),
  stripe("a refund", refund, completed),
  stripe("a dispute", dispute, completed),
  service(
    "replay_stripe_event",
    `select * from public.replay_stripe_event('${active.id}')`,
    {
      before: `${PRICED} ${applied(active)};`,
    },
  ),
  service(
    "assign_stripe_owner",
    `select * from public.assign_stripe_owner('${active.id}', 'user', ${NEW}, 'asked')`,
    { before: `${PRICED} ${applied(active)};` },
  ),
  service(
    "dismiss_stripe_event",
    `select * from public.dismiss_stripe_event('${active.id}', 'looked at')`,
    { before: `${PRICED} ${applied(active)};` },
  ),
];

const MAPPED = `${SIGN_UP}
  insert into public.client_enrollments (id, client_user_id, program_id)
  values (${NEW}, ${NEW}, ${id("public.programs", 5_000)});
  insert into public.calcom_event_type_mappings
    (calcom_event_type_id, session_target, default_program_id, default_module_id)
  values (4711, 'module_session', ${id("public.programs", 5_000)}, ${
  id("public.program_modules", 5_000)
});`;

function booked(event: Booked): string {
  const read = readEvent(envelopeSchema.parse(bodyOf({
    uid: "the-booking",
    eventTypeId: 4711,
    attendee: { email: "new@example.com" },
    organizer: { email: COACH_ADDRESS },
    ...event,
  })));
  return `select * from public.apply_calcom_event($event$${
    JSON.stringify(read)
  }$event$::jsonb)`;
}

const requested = booked({
  trigger: "BOOKING_REQUESTED",
  at: new Date("2030-01-01T10:00Z"),
});
const accepted = booked({ at: new Date("2030-01-01T11:00Z") });
const moved = booked({
  trigger: "BOOKING_RESCHEDULED",
  uid: "the-next-booking",
  at: new Date("2030-01-01T12:00Z"),
  startsAt: new Date("2031-03-05T14:00Z"),
  more: { rescheduleUid: "the-booking" },
});
const cancelled = booked({
  trigger: "BOOKING_CANCELLED",
  at: new Date("2030-01-01T13:00Z"),
});

const CALCOM: Case[] = [
  service("apply_calcom_event", requested, {
    what: "a request",
    before: MAPPED,
    answers: '"requested"',
  }),
  service("apply_calcom_event", accepted, {
    what: "a booking",
    before: `${MAPPED} ${requested};`,
    answers: '"booked"',
  }),
  service("apply_calcom_event", moved, {
    what: "a new time",
    before: `${MAPPED} ${accepted};`,
    answers: '"moved"',
  }),
  service("apply_calcom_event", cancelled, {
    what: "a cancellation",
    before: `${MAPPED} ${accepted};`,
    answers: '"cancelled"',
  }),
  service(
    "log_calcom_refusal",
    "select public.log_calcom_refusal('BOOKING_CREATED', 'no uid', '{payload}')",
  ),
  signedIn(
    "resolve_calcom_booking",
    `select * from public.resolve_calcom_booking(${NEW}, p_dismiss => true)`,
    {
      by: ADMIN,
      before: `${SIGN_UP} ${accepted};
        update public.calcom_reviews set id = ${NEW} where booking_uid = 'the-booking';`,
    },
  ),
];

export const EVENTS: Case[] = [...STRIPE, ...CALCOM];
