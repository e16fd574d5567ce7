import { admin } from "../client.ts";
import { flag, id, ids } from "../input.ts";

// columns
await admin.from("profiles").select("id, name, email").eq("id", id).single();

// everything
await admin.from("profiles").select("*").limit(10);

// nothing named is everything
await admin.from("profiles").select().limit(10);

// an alias is free
await admin.from("programs").select("title:name, full_name:description");

// a cast
await admin.from("programs").select("id, price_cents::text");

// a JSON path
await admin.from("programs").select("id, metadata->theme->>colour, label:metadata->0");

// a cast of a JSON path
await admin.from("programs").select("theme:metadata->>theme::text");

// aggregates
await admin.from("payments").select("amount_cents.sum(), currency, count()");

// an aggregate with an alias and casts
await admin.from("payments").select("total:amount_cents::int8.sum()::text");

// a count of the rows embedded
await admin.from("programs").select("id, modules(count)");

// a count by its function
await admin.from("programs").select("id, modules(n:count())");

// the other side of a foreign key
await admin.from("modules").select("id, programs(id, name)");

// with everything
await admin.from("modules").select("*, programs(*)");

// over several lines
await admin.from("profiles").select(`
  id,
  name,
  organisations (
    id,
    name
  )
`);

// an inner join
await admin.from("modules").select("id, programs!inner(name)").eq("programs.visibility", "listed");

// a left join
await admin.from("modules").select("id, programs!left(name)");

// a hint and a join
await admin.from("programs").select("id, profiles!programs_owner_id_fkey!inner(name)");

// a hint by the column
await admin.from("programs").select("id, owner:profiles!owner_id(name), reviewer:profiles!reviewer_id(name)");

// a column as the embed
await admin.from("programs").select("id, owner_id(name)");

// a constraint as the embed
await admin.from("programs").select("id, owner:programs_owner_id_fkey(name)");

// back by a hint
await admin.from("profiles").select("id, owned:programs!owner_id(name)");

// many to many
await admin.from("programs").select("id, tags(label)");

// many to many by the junction
await admin.from("tags").select("label, programs!program_tags(name)");

// the junction itself
await admin.from("programs").select("id, program_tags(tag_id, tags(label))");

// three levels
await admin.from("organisations").select("id, profiles(id, coach_details(bio, hourly_rate))");

// children of a tree
await admin.from("categories").select("id, children:categories(id, name)");

// the parent of a tree
await admin.from("categories").select("id, parent:parent_id(name)");

// a spread
await admin.from("modules").select("id, ...programs(program_name:name)");

// one to one, both ways
await admin.from("coach_details").select("bio, profiles(name)");

// an embed of nothing, to filter by
await admin.from("programs").select("id, modules!inner()").eq("modules.kind", "video");

// a junction by its foreign keys
await admin.from("sessions").select("id, session_guests(profiles(name))");

// from a view
await admin.from("active_enrolments").select("id, programs(name)");

// to a view
await admin.from("categories").select("id, program_overview(name, owner_name)");

// a view's own key
await admin.from("program_overview").select("id, profiles(name)");

// a computed column
await admin.from("profiles").select("id, initials");

// a computed relationship
await admin.from("profiles").select("id, latest_session(id, scheduled_at)");

// a quoted name
await admin.from("profiles").select('"id", "name"');

// a function's rows
await admin.rpc("programs_of", { p_owner_id: id }).select("id, name, modules(title)");

// a function's own columns
await admin.rpc("usage_report", { p_from: "2026-01-01" }).select("program_id, minutes").gt("minutes", 10);

// either of two
await admin.from("modules").select(flag ? "id, title" : "id, kind");

// either table with its own columns
const [source, columns] = flag ? ["programs", "id, name"] as const : ["modules", "id, title"] as const;
await admin.from(source).select(columns as any);

// a choice of both that belong together
await admin.from(flag ? "programs" : "modules").select(flag ? "id, name" : "id, title");

// a select string that is put together
await admin.from("profiles").select(ids.join(","));

// a part of one
await admin.from("profiles").select(`id, ${ids.join(",")}`);

// a table that is put together
await admin.from(`program_${id}` as "programs").select("anything");

// what the code calls full_name need not be a column
const { data: me } = await admin.from("profiles").select("full_name:name").eq("id", id).single();
console.log(me?.full_name);

// a count alone
await admin.from("profiles").select("*", { count: "exact", head: true });
