import { admin } from "../client.ts";
import { id, ids, now } from "../../input.ts";

// the profile of a feed
await admin.from("profiles").select("id, name, calendar_sync_enabled").eq("id", id).single();

// the sessions of groups
await admin.from("group_sessions").select("id, title, session_date, groups(name)").in("group_id", ids);

// the members of a group
await admin.from("group_memberships").select("group_id, profiles(name)").eq("user_id", id).eq("status", "active");

// a client's assignments
await admin.from("module_assignments")
  .select("id, module_progress!inner(client_enrollments!inner(client_user_id), program_modules(title))")
  .eq("module_progress.client_enrollments.client_user_id", id);

// cohorts by the status there is
await admin.from("client_enrollments").select("cohort_id").eq("client_user_id", id).in("status", ["active"]);

// the subscribers
await admin.from("profiles").select("id, plans(credit_allowance)").not("plan_id", "is", null);

// months, by their name
await admin.rpc("process_credit_rollover", { p_owner_type: "user", p_owner_id: id, p_max_rollover_months: 3 });

// live batches
await admin.from("credit_batches").select("owner_type, remaining_amount").eq("is_expired", false).gt("remaining_amount", 0);

// the consent
await admin.from("organization_sharing_consent").upsert(
  { user_id: id, organization_id: id, share_goals: false },
  { onConflict: "user_id,organization_id", ignoreDuplicates: true },
);

// a grant
await admin.rpc("grant_credit_batch", {
  p_owner_type: "user",
  p_owner_id: id,
  p_amount: 10,
  p_expires_at: now,
  p_source_type: "purchase",
  p_description: "x",
});

// progress through the enrolment
await admin.from("module_progress")
  .select("completed_at, program_modules(title), client_enrollments!inner(client_user_id)")
  .eq("client_enrollments.client_user_id", id);

// many programs of a plan
const { data: plans } = await admin.from("program_plans").select("id, programs(name)").limit(10);
for (const plan of plans ?? []) console.log(plan.programs.map((program) => program.name));

// a self reference: sessions of a series
await admin.from("group_sessions").select("id, occurrences:group_sessions(id, session_date)").is("parent_session_id", null);

// a status of an enrolment
await admin.from("client_enrollments").update({ status: "paused" }).eq("id", id);
