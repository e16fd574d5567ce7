import { admin } from "../client.ts";
import { flag, id, ids, now } from "../input.ts";

// eq
await admin.from("modules").select("id").eq("course_id", id);
//                                           ^^^^^^^^^ unknown-column "course_id"

// neq
await admin.from("profiles").select("id").neq("disabled", true);
//                                             ^^^^^^^^ unknown-column "disabled" -> "is_disabled"

// gt, gte, lt, lte
await admin.from("sessions").select("id").gt("starts_at", now);
//                                            ^^^^^^^^^ unknown-column "starts_at" -> "scheduled_at"

// gte
await admin.from("sessions").select("id").gte("session_date", now);
//                                             ^^^^^^^^^^^^ unknown-column "session_date" -> "scheduled_at"

// lt
await admin.from("payments").select("id").lt("created_at", now);
//                                            ^^^^^^^^^^ unknown-column "created_at"

// lte
await admin.from("payments").select("id").lte("amount", 100);
//                                             ^^^^^^ unknown-column "amount" -> "amount_cents"

// like
await admin.from("tags").select("id").like("name", "a%");
//                                          ^^^^ unknown-column "name" -> "label"

// ilike
await admin.from("profiles").select("id").ilike("full_name", "%a%");
//                                               ^^^^^^^^^ unknown-column "full_name" -> "name"

// in
await admin.from("enrolments").select("id").in("user_id", ids);
//                                              ^^^^^^^ unknown-column "user_id" -> "client_id"

// is
await admin.from("programs").select("id").is("deleted_at", null);
//                                            ^^^^^^^^^^ unknown-column "deleted_at" -> "created_at"

// not
await admin.from("programs").select("id").not("archived_at", "is", null);
//                                             ^^^^^^^^^^^ unknown-column "archived_at"

// filter
await admin.from("programs").select("id").filter("state", "eq", "x");
//                                                ^^^^^ unknown-column "state"

// match
await admin.from("enrolments").select("id").match({ programme_id: id, client_id: id });
//                                                  ^^^^^^^^^^^^ unknown-column "programme_id" => "program_id"

// contains
await admin.from("profiles").select("id").contains("labels", ["a"]);
//                                                  ^^^^^^ unknown-column "labels"

// overlaps
await admin.from("modules").select("id").overlaps("urls", ["a"]);
//                                                 ^^^^ unknown-column "urls"

// a full text search
await admin.from("profiles").select("id").textSearch("fts", "coach");
//                                                    ^^^ unknown-column "fts"

// a range
await admin.from("sessions").select("id").rangeGt("period", "[2026-01-01,2026-02-01)");
//                                                 ^^^^^^ unknown-column "period"

// or
await admin.from("profiles").select("id").or("name.ilike.%a%,username.ilike.%a%");
//                                                           ^^^^^^^^ unknown-column "username" -> "name"

// and within or
await admin.from("sessions").select("id").or("status.eq.held,and(seats.gt.1,capacity.lt.9)");
//                                                                          ^^^^^^^^ unknown-column "capacity"

// or with holes
await admin.from("programs").select("id").or(`owner_id.eq.${id},coach_id.eq.${id}`);
//                                                              ^^^^^^^^ unknown-column "coach_id"

// not within or
await admin.from("sessions").select("id").or("not.and(status.eq.held,room.is.null),seats.gt.1");
//                                                                   ^^^^ unknown-column "room"

// or of an embed
await admin.from("programs").select("id, modules(id)").or("kind.eq.video,name.eq.x", { referencedTable: "modules" });
//                                                                       ^^^^ unknown-column "name" -> "title"

// a path into an embed
await admin.from("modules").select("id, programs!inner(id)").eq("programs.title", "x");
//                                                                        ^^^^^ unknown-column "title" -> "name"

// a path two deep
await admin.from("modules").select("id, programs(id, categories(id))").eq("programs.categories.label", "x");
//                                                                                             ^^^^^ unknown-column "label" -> "name"

// a path by an alias
await admin.from("programs").select("id, owner:profiles!owner_id(id)").eq("owner.username", "x");
//                                                                               ^^^^^^^^ unknown-column "username" -> "name"

// order
await admin.from("programs").select("id").order("title");
//                                               ^^^^^ unknown-column "title" -> "name"

// order of an embed
await admin.from("programs").select("id, modules(id)").order("sort_order", { referencedTable: "modules" });
//                                                            ^^^^^^^^^^ unknown-column "sort_order"

// order by an embed's column
await admin.from("modules").select("id, programs(id)").order("programs(title)");
//                                                                     ^^^^^ unknown-column "title" -> "name"

// a JSON path
await admin.from("programs").select("id").eq("options->>theme", "dark");
//                                            ^^^^^^^ unknown-column "options"

// on a delete
await admin.from("program_tags").delete().eq("programme_id", id);
//                                            ^^^^^^^^^^^^ unknown-column "programme_id" => "program_id"

// on an update
await admin.from("profiles").update({ name: "x" }).eq("user_id", id);
//                                                     ^^^^^^^ unknown-column "user_id"

// on a function's rows
await admin.rpc("programs_of", { p_owner_id: id }).eq("status", "listed");
//                                                     ^^^^^^ unknown-column "status"

// by a computed name
const column = flag ? "name" : "title";
//                              ^^^^^ unknown-column "title" -> "name"
await admin.from("programs").select("id").eq(column, "x");

// on a stored builder
let query = admin.from("sessions").select("id");
if (flag) query = query.eq("cohort_id", id);
//                          ^^^^^^^^^ unknown-column "cohort_id"
await query.limit(10);

// a view's column by its base name
await admin.from("program_overview").select("id").eq("reviewer_id", id);
//                                                    ^^^^^^^^^^^ unknown-column "reviewer_id"
