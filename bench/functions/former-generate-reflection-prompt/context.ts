import { must, rowsOf, type ServiceClient } from "../_former/client.ts";

const DAY = 86_400_000;

/**
 * What the former prompt was made of: modules and milestones that were completed, active goals,
 * reflections, the wheel of life, deadlines. Six queries, at once here, which is not known of the original.
 * Modules were looked up by a column that does not exist, and are by their enrolment; milestones have no
 * day of completion, and are of any.
 */
export async function readContext(
  client: ServiceClient,
  userId: string,
  now: Date,
) {
  const since = new Date(now.getTime() - 30 * DAY).toISOString();
  const until = new Date(now.getTime() + 14 * DAY).toISOString();
  const goals = () =>
    client.from("goals").select("title, description, target_date")
      .eq("user_id", userId).eq("status", "active");
  const [modules, milestones, active, reflections, wheel, due] = await Promise
    .all([
      client.from("module_progress")
        .select(
          "program_modules(title), client_enrollments!inner(client_user_id)",
        )
        .eq("client_enrollments.client_user_id", userId)
        .eq("status", "completed").gte("completed_at", since)
        .order("completed_at", { ascending: false }).limit(5),
      client.from("goal_milestones").select("title, goals!inner(user_id)")
        .eq("goals.user_id", userId).eq("status", "completed").limit(5),
      goals().limit(5),
      client.from("development_items").select("content")
        .eq("user_id", userId).eq("item_type", "reflection")
        .order("created_at", { ascending: false }).limit(3),
      client.from("wheel_of_life_snapshots").select().eq("user_id", userId)
        .order("created_at", { ascending: false }).limit(1).maybeSingle(),
      goals().gte("target_date", now.toISOString()).lte("target_date", until),
    ]);
  return {
    modules: rowsOf(modules).map((it) => cut(it.program_modules.title)),
    milestones: rowsOf(milestones).map((it) => cut(it.title)),
    goals: rowsOf(active).map((it) => cut(it.title)),
    reflections: rowsOf(reflections).map((it) => cut(it.content ?? "")),
    wheel: must(wheel),
    deadlines: rowsOf(due).map((it) => cut(it.title)),
  };
}

function cut(text: string): string {
  return text.slice(0, 200);
}
