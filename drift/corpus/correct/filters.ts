import { admin } from "../client.ts";
import { flag, id, ids, name, now } from "../input.ts";

// eq and neq
await admin.from("modules").select("id").eq("program_id", id).neq("kind", "text");

// comparisons
await admin.from("sessions").select("id").gt("seats", 1).gte("scheduled_at", now).lt("id", 9).lte("sequence", "4");

// a number as a text
await admin.from("modules").select("id").eq("position", "2" as never);

// patterns
await admin.from("profiles").select("id").ilike("name", `%${name}%`).like("timezone", "Europe/%");

// several patterns
await admin.from("profiles").select("id").likeAllOf("name", ["a%", "%b"]).ilikeAnyOf("email", ["%@a", "%@b"]);

// a pattern on a domain over text
await admin.from("profiles").select("id").ilike("email", "%@example.com");

// in
await admin.from("enrolments").select("id").in("status", ["active", "paused"]).in("client_id", ids);

// is
await admin.from("programs").select("id").is("description", null).is("starts_on", null);

// is true
await admin.from("profiles").select("id").is("is_disabled", true);

// not
await admin.from("programs").select("id").not("reviewer_id", "is", null).not("visibility", "in", "(draft,hidden)");

// a list with quotes
await admin.from("programs").select("id").not("visibility", "in", '("draft","hidden")');

// filter
await admin.from("programs").select("id").filter("visibility", "in", '("listed")').filter("name", "ilike", "%a%");

// filter with not
await admin.from("programs").select("id").filter("name", "not.eq", "x");

// match
await admin.from("enrolments").select("id").match({ program_id: id, status: "active" });

// lists
await admin.from("profiles").select("id").contains("tags", ["coach"]).overlaps("tags", ["a", "b"]).containedBy("tags", ["c"]);

// a list as Postgres writes it
await admin.from("profiles").select("id").contains("tags", "{coach,lead}");

// JSON is contained too
await admin.from("programs").select("id").contains("metadata", { theme: "dark" });

// ranges
await admin.from("sessions").select("id").overlaps("during", "[2026-01-01,2026-02-01)").rangeGt("during", "[2026-01-01,2026-02-01)");

// a search
await admin.from("profiles").select("id").textSearch("search", "coach & lead", { config: "english" });

// a search in a plain text
await admin.from("programs").select("id").textSearch("description", "'coach'");

// or
await admin.from("profiles").select("id").or(`name.ilike.%${name}%,email.ilike.%${name}%`);

// or with and, not and lists
await admin.from("sessions").select("id").or("status.in.(held,scheduled),and(seats.gt.1,not.or(coach_id.is.null,seats.eq.3))");

// or with a quoted value
await admin.from("programs").select("id").or('name.eq."a,b)",description.not.is.null');

// or with spaces
await admin.from("programs").select("id").or("name.eq.x, description.is.null");

// or with a quantifier, a search and a list
await admin.from("profiles").select("id").or("name.like(any).{a%,b%},search.fts(english).coach,tags.cs.{a,b}");

// or with a time, whose dots are its own
await admin.from("enrolments").select("id").or("started_at.is.null,started_at.lt.2026-01-01T00:00:00.000Z");

// or of an embed
await admin.from("programs").select("id, modules(id)").or("kind.eq.video,title.eq.x", { referencedTable: "modules" });

// or of an embed by its alias
await admin.from("programs").select("id, parts:modules(id)").or("kind.eq.video", { referencedTable: "parts" });

// under its former name
await admin.from("programs").select("id, modules(id)").or("kind.eq.video", { foreignTable: "modules" });

// or that is put together
await admin.from("programs").select("id").or(ids.map((it) => `id.eq.${it}`).join(","));

// a part of it
await admin.from("programs").select("id").or(`owner_id.eq.${id},and(visibility.eq.listed,${flag ? "name.eq.x" : "name.eq.y"})`);

// a path into an embed
await admin.from("modules").select("id, programs!inner(id)").eq("programs.name", name);

// a path by the alias
await admin.from("programs").select("id, owner:profiles!owner_id!inner(id)").eq("owner.name", name);

// a path by the name beside the alias
await admin.from("programs").select("id, parts:modules!inner(id)").eq("modules.kind", "video");

// two levels
await admin.from("modules").select("id, programs!inner(categories!inner(id))").eq("programs.categories.name", name);

// a path with JSON
await admin.from("modules").select("id, programs!inner(id)").eq("programs.metadata->>theme", "dark");

// whether an embed is there
await admin.from("programs").select("id, modules(id)").not("modules", "is", null).is("modules", null);

// and by its alias
await admin.from("programs").select("id, parts:modules(id)").is("parts", null);

// in or
await admin.from("programs").select("id, modules(id), tags(id)").or("modules.not.is.null,tags.not.is.null");

// a JSON path
await admin.from("programs").select("id").eq("metadata->>theme", "dark").gt("metadata->size", 3);

// order
await admin.from("programs").select("id").order("created_at", { ascending: false }).order("name");

// order by JSON
await admin.from("programs").select("id").order("metadata->>rank", { nullsFirst: true });

// order of an embed
await admin.from("programs").select("id, modules(id)").order("position", { referencedTable: "modules" });

// order by an embed's column
await admin.from("modules").select("id, programs(name)").order("programs(name)");

// limit and range of an embed
await admin.from("programs").select("id, modules(id), tags(id)").limit(3, { referencedTable: "modules" }).range(0, 4, { foreignTable: "tags" });

// a deeper order
await admin.from("organisations").select("id, profiles(id, sessions(id))").order("scheduled_at", { referencedTable: "profiles.sessions" });

// a computed column
await admin.from("profiles").select("id").eq("initials", "A").order("initials");

// the column in a constant
const COLUMN = "visibility" as const;
await admin.from("programs").select("id").eq(COLUMN, "listed");

// the column at run time
await admin.from("programs").select("id").eq(name, "x");

// either of two columns
await admin.from("programs").select("id").eq(flag ? "owner_id" : "reviewer_id", id);

// a builder that goes on
let query = admin.from("sessions").select("id, modules(id)");
if (flag) query = query.eq("status", "held");
if (id) query = query.eq("modules.program_id", id);
await query.order("scheduled_at").limit(10);

// times as Postgres reads them
await admin.from("sessions").select("id").gte("scheduled_at", "today").lt("scheduled_at", "2026-02-01 10:00 Europe/Berlin");

// times by their words
await admin.from("enrolments").select("id").lt("started_at", "now").gt("started_at", "-infinity");

// the enum's and the check's values
await admin.from("enrolments").select("id").eq("status", "paused").neq("status", "completed");

// a value at run time
await admin.from("enrolments").select("id").eq("status", name as "active").eq("progress", Number(id));

// distinct from a value, null or not
await admin.from("programs").select("id").isDistinct("reviewer_id", id);

// on a function's rows
await admin.rpc("programs_of", { p_owner_id: id }).eq("visibility", "listed").order("name").limit(5);

// other things are called from, too
console.log(Array.from("abc"), Uint8Array.from([1]), admin.storage.from("avatars"));
