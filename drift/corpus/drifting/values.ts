import { admin } from "../client.ts";
import { flag, id } from "../input.ts";

// a status that the enum lacks, in a filter
await admin.from("enrolments").select("id").eq("status", "in_progress");
//                                                        ^^^^^^^^^^^ invalid-enum-value "in_progress"

// in a list
await admin.from("enrolments").select("id").in("status", ["active", "enrolled"]);
//                                                                   ^^^^^^^^ invalid-enum-value "enrolled"

// in neq
await admin.from("enrolments").select("id").neq("status", "cancelled");
//                                                         ^^^^^^^^^ invalid-enum-value "cancelled"

// in match
await admin.from("user_roles").select("id").match({ role: "owner" });
//                                                         ^^^^^ invalid-enum-value "owner"

// in filter
await admin.from("enrolments").select("id").filter("status", "eq", "done");
//                                                                  ^^^^ invalid-enum-value "done"

// in not
await admin.from("enrolments").select("id").not("status", "in", "(paused,stopped)");
//                                                                       ^^^^^^^ invalid-enum-value "stopped"

// in or
await admin.from("enrolments").select("id").or("status.eq.open,status.in.(paused,ended)");
//                                                        ^^^^ invalid-enum-value "open"
//                                                                               ^^^^^ invalid-enum-value "ended"

// in an embed's path
await admin.from("programs").select("id, enrolments(id)").eq("enrolments.status", "Active");
//                                                                                 ^^^^^^ invalid-enum-value "Active" => "active"

// in an insert
await admin.from("user_roles").insert({ user_id: id, role: "superuser" });
//                                                          ^^^^^^^^^ invalid-enum-value "superuser"

// in an update
await admin.from("enrolments").update({ status: "complete" }).eq("id", id);
//                                               ^^^^^^^^ invalid-enum-value "complete" => "completed"

// one side of a choice
await admin.from("enrolments").update({ status: flag ? "active" : "inactive" }).eq("id", id);
//                                                                 ^^^^^^^^ invalid-enum-value "inactive" -> "active"

// through a view
await admin.from("active_enrolments").select("id").eq("status", "running");
//                                                               ^^^^^^^ invalid-enum-value "running"

// of a function's result
await admin.rpc("usage_report", { p_from: "2026-01-01" }).eq("status", "finished");
//                                                                      ^^^^^^^^ invalid-enum-value "finished"

// a value that the check refuses
await admin.from("programs").update({ visibility: "public" }).eq("id", id);
//                                                 ^^^^^^ invalid-check-value "public"

// in an insert
await admin.from("modules").insert({ program_id: id, title: "x", position: 1, kind: "quiz" });
//                                                                                   ^^^^ invalid-check-value "quiz"

// in a filter that can match nothing
await admin.from("sessions").select("id").eq("status", "completed");
//                                                      ^^^^^^^^^ invalid-check-value "completed"

// in an upsert
await admin.from("sessions").upsert({ id: 1, coach_id: id, scheduled_at: "2026-01-01", status: "done" });
//                                                                                              ^^^^ invalid-check-value "done"
//                                    ^^ generated-column "id"

// in or
await admin.from("programs").select("id").or("visibility.eq.listed,visibility.eq.private");
//                                                                               ^^^^^^^ invalid-check-value "private"
