import { admin } from "../client.ts";
import { id, ids, now } from "../../input.ts";

// calendar-feed: every feed answered 401
await admin.from("profiles").select("id, full_name, calendar_sync_enabled").eq("id", id).single();
//                                       ^^^^^^^^^ unknown-column "full_name" -> "name"

// calendar-feed: the sessions of a client
await admin.from("client_sessions").select("*").eq("client_id", id).gte("session_date", now);
//                ^^^^^^^^^^^^^^^ unknown-table "client_sessions" -> "sessions"

// calendar-feed: the sessions of a group
await admin.from("group_sessions").select("id, title, scheduled_at, groups(name)").in("group_id", ids);
//                                                    ^^^^^^^^^^^^ unknown-column "scheduled_at" -> "session_date"

// calendar-feed: the members of a group
await admin.from("group_members").select("group_id").eq("user_id", id);
//                ^^^^^^^^^^^^^ unknown-table "group_members" -> "group_memberships"

// calendar-feed: a client's assignments
await admin.from("module_assignments").select("id, due_date, modules(title)").eq("client_id", id);
//                                                 ^^^^^^^^ unknown-column "due_date"
//                                                           ^^^^^^^ no-relationship "modules"
//                                                                                ^^^^^^^^^ unknown-column "client_id"

// calendar-feed: cohorts of a status that is none
await admin.from("client_enrollments").select("cohort_id").eq("client_user_id", id).in("status", ["active", "enrolled"]);
//                                                                                                           ^^^^^^^^ invalid-enum-value "enrolled"

// credit-maintenance: the subscribers
await admin.from("user_subscriptions").select("user_id, plans(credit_allowance)").eq("status", "active");
//                ^^^^^^^^^^^^^^^^^^ unknown-table "user_subscriptions"

// credit-maintenance: a cap for months
await admin.rpc("process_credit_rollover", { p_owner_type: "user", p_owner_id: id, p_max_rollover: 50 });
//                                                                                 ^^^^^^^^^^^^^^ unknown-argument "p_max_rollover" -> "p_max_rollover_months"

// credit-maintenance: the organisations' plans
await admin.from("org_platform_subscriptions").select("organization_id, plans(credit_allowance)").eq("status", "active");
//                                                                      ^^^^^ no-relationship "plans"

// credit-maintenance: and their column
await admin.from("org_platform_subscriptions").select("organization_id").not("plan_id", "is", null);
//                                                                            ^^^^^^^ unknown-column "plan_id"

// credit-maintenance: batches have no status
await admin.from("credit_batches").select("owner_type, remaining_amount").eq("status", "active");
//                                                                            ^^^^^^ unknown-column "status"

// accept-org-invite: the consent's table
await admin.from("user_organization_sharing_consent").insert({ user_id: id, organization_id: id });
//                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unknown-table "user_organization_sharing_consent" => "organization_sharing_consent"

// accept-org-invite: the consent's columns
await admin.from("organization_sharing_consent").upsert(
  { user_id: id, organization_id: id, share_wheel: false },
//                                    ^^^^^^^^^^^ unknown-column "share_wheel"
  { onConflict: "user_id,organization_id", ignoreDuplicates: true },
);

// confirm-credit-topup: an argument under another name, a type that no batch has
await admin.rpc("grant_credit_batch", {
  p_owner_type: "user",
  p_owner_id: id,
  p_amount: 10,
  p_expires_at: now,
  p_source_type: "topup",
  p_notes: "x",
//^^^^^^^ unknown-argument "p_notes"
});

// confirm-credit-topup: no unique key on the checkout
await admin.from("user_credit_purchases").upsert(
  { user_id: id, package_id: id, credits_purchased: 1, amount_cents: 1, stripe_checkout_session_id: "x" },
  { onConflict: "stripe_checkout_session_id" },
//               ^^^^^^^^^^^^^^^^^^^^^^^^^^ no-unique-key "stripe_checkout_session_id"
);

// generate-reflection-prompt: a table that never was
await admin.from("wheel_of_life_scores").select("category, score").eq("user_id", id);
//                ^^^^^^^^^^^^^^^^^^^^ unknown-table "wheel_of_life_scores" -> "wheel_of_life_snapshots"

// generate-reflection-prompt: progress hangs on the enrolment
await admin.from("module_progress").select("completed_at, program_modules(title)").eq("user_id", id);
//                                                                                     ^^^^^^^ unknown-column "user_id"

// generate-reflection-prompt: milestones have no such time
await admin.from("goal_milestones").select("title, goals!inner(user_id)").eq("goals.user_id", id).gte("completed_at", now);
//                                                                                                     ^^^^^^^^^^^^ unknown-column "completed_at"

// check-org-seat-limits: a column that is none
await admin.from("organizations").select("id, name, platform_tier_id").eq("is_active", true);
//                                                  ^^^^^^^^^^^^^^^^ unknown-column "platform_tier_id"

// validate_partner_code, were it called from here
await admin.from("programs").select("id, title, short_description").eq("id", id);
//                                       ^^^^^ unknown-column "title" -> "name"
//                                              ^^^^^^^^^^^^^^^^^ unknown-column "short_description" -> "description"

// PartnerCodesManagement: a key to auth.users
await admin.from("user_roles").select("user_id, profiles:user_id(id, name)").eq("role", "coach");
//                                                       ^^^^^^^ no-relationship "user_id"

// StudentDevelopmentProfile: another
await admin.from("client_enrollments").select("id, profiles:client_user_id(name)").eq("program_id", id);
//                                                          ^^^^^^^^^^^^^^ no-relationship "client_user_id"

// useReadinessDashboard
await admin.from("profiles").select("id, full_name").in("id", ids);
//                                       ^^^^^^^^^ unknown-column "full_name" -> "name"

// export-feature-config: many programs of a plan read as one
const { data: plans } = await admin.from("program_plans").select("id, programs(name)").limit(10);
for (const plan of plans ?? []) console.log(plan.programs?.name);
//                                                         ^^^^ wrong-cardinality "name"

// a status of tasks for an enrolment
await admin.from("client_enrollments").update({ status: "in_progress" }).eq("id", id);
//                                                       ^^^^^^^^^^^ invalid-enum-value "in_progress"

// a purchase that names its batch's type
await admin.from("credit_batches").insert({
  owner_type: "user",
  owner_id: id,
  original_amount: 1,
  remaining_amount: 1,
  expires_at: now,
  source_type: "topup",
//              ^^^^^ invalid-check-value "topup"
});
