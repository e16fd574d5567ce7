import { admin } from "../client.ts";
import { id } from "../input.ts";

// no foreign key between the two
await admin.from("organisations").select("id, tags(label)");
//                                            ^^^^ no-relationship "tags"

// a foreign key to auth.users embeds nothing
await admin.from("user_roles").select("role, profiles:user_id(name)");
//                                                    ^^^^^^^ no-relationship "user_id"

// nor does it by the table's name
await admin.from("user_roles").select("role, profiles(name)");
//                                           ^^^^^^^^ no-relationship "profiles"

// nor by a hint
await admin.from("enrolments").select("id, profiles!client_user_id(name)");
//                                                  ^^^^^^^^^^^^^^ no-relationship "client_user_id" -> "client_id"

// a relation that is not there
await admin.from("programs").select("id, lessons(title)");
//                                       ^^^^^^^ no-relationship "lessons"

// a hint that names nothing
await admin.from("programs").select("id, profiles!coach_id(name)");
//                                                ^^^^^^^^ no-relationship "coach_id"

// a constraint under its former name
await admin.from("programs").select("id, profiles!programs_coach_id_fkey(name)");
//                                                ^^^^^^^^^^^^^^^^^^^^^^ no-relationship "programs_coach_id_fkey" -> "programs_owner_id_fkey"

// a junction whose key is its own joins nothing
await admin.from("sessions").select("id, guests:profiles!session_guests(name)");
//                                                       ^^^^^^^^^^^^^^ no-relationship "session_guests"

// an embed of a function that returns no rows of a table
await admin.rpc("usage_report", { p_from: "2026-01-01" }).select("minutes, programs(name)");
//                                                                         ^^^^^^^^ no-relationship "programs"

// of a view that aggregates away its key's rows, to what it does not show
await admin.from("program_counts").select("enrolments, profiles(name)");
//                                                     ^^^^^^^^ no-relationship "profiles"

// a path to what is not embedded
await admin.from("modules").select("id").eq("programs.name", "x");
//                                           ^^^^^^^^ no-relationship "programs"

// a path by the wrong alias
await admin.from("programs").select("id, owner:profiles!owner_id(name)").eq("coach.name", "x");
//                                                                           ^^^^^ no-relationship "coach"

// an order in what is not embedded
await admin.from("programs").select("id").order("position", { referencedTable: "modules" });
//                                                                              ^^^^^^^ no-relationship "modules"

// a limit in what is not embedded
await admin.from("programs").select("id, tags(id)").limit(3, { referencedTable: "modules" });
//                                                                               ^^^^^^^ no-relationship "modules"

// two foreign keys to one table
await admin.from("programs").select("id, profiles(name)");
//                                       ^^^^^^^^ ambiguous-relationship "profiles"

// and back
await admin.from("profiles").select("id, programs(name)");
//                                       ^^^^^^^^ ambiguous-relationship "programs"

// nested
await admin.from("modules").select("id, programs(id, profiles(name))");
//                                                   ^^^^^^^^ ambiguous-relationship "profiles"

// a table of another schema
await admin.from("organisations").select("id, secrets(id)");
//                                            ^^^^^^^ no-relationship "secrets"

// a self reference by its constraint
await admin.from("categories").select("id, categories!categories_parent_id_fkey(name)");
//                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^ no-relationship "categories_parent_id_fkey" -> "categories_parent_id_fkey"

// the tree's parent asked for in the plural
await admin.from("categories").select("id, parents(name)").eq("id", Number(id));
//                                         ^^^^^^^ no-relationship "parents"
