import { admin } from "../client.ts";
import { id } from "../input.ts";

// a word for a uuid
await admin.from("programs").select("id").eq("id", "me");
//                                                  ^^ type-mismatch "me"

// a number for a uuid
await admin.from("programs").update({ owner_id: 7 }).eq("id", id);
//                                              ^ type-mismatch "7"

// a word for a number
await admin.from("modules").insert({ program_id: id, title: "x", position: "first", kind: "text" });
//                                                                          ^^^^^ type-mismatch "first"

// a fraction for an integer
await admin.from("programs").update({ price_cents: 9.99 }).eq("id", id);
//                                                 ^^^^ type-mismatch "9.99"

// too large for a smallint
await admin.from("modules").update({ position: 100000 }).eq("id", id);
//                                             ^^^^^^ type-mismatch "100000"

// a word for a boolean
await admin.from("profiles").select("id").eq("is_disabled", "never");
//                                                           ^^^^^ type-mismatch "never"

// a word for a time
await admin.from("sessions").select("id").gte("scheduled_at", "soon");
//                                                             ^^^^ type-mismatch "soon"

// a number for a time
await admin.from("enrolments").update({ started_at: 1767225600 }).eq("id", id);
//                                                  ^^^^^^^^^^ type-mismatch "1767225600"

// one word for a list
await admin.from("profiles").update({ tags: "coach" }).eq("id", id);
//                                           ^^^^^ type-mismatch "coach"

// a list for one number
await admin.from("programs").update({ price_cents: [1, 2] }).eq("id", id);
//                                                 ^^^^^^ type-mismatch "price_cents"

// null is not equal to anything
await admin.from("programs").select("id").eq("reviewer_id", null);
//                                                          ^^^^ type-mismatch "null"

// nor distinct from it
await admin.from("programs").select("id").isDistinct("reviewer_id", null);
//                                                                  ^^^^ type-mismatch "null"

// nor in a match
await admin.from("programs").select("id").match({ description: null });
//                                                             ^^^^ type-mismatch "null"

// only a boolean is true
await admin.from("programs").select("id").is("starts_on", true);
//                                                        ^^^^ type-mismatch "true"

// a pattern on a uuid
await admin.from("programs").select("id").ilike("id", "a%");
//                                                     ^^ type-mismatch "a%"

// a pattern on an enum
await admin.from("enrolments").select("id").like("status", "act%");
//                                                          ^^^^ type-mismatch "act%"

// a pattern on a time
await admin.from("sessions").select("id").like("scheduled_at", "2026-01%");
//                                                              ^^^^^^^^ type-mismatch "2026-01%"

// a list in a text
await admin.from("programs").select("id").contains("name", ["a"]);
//                                                         ^^^^^ type-mismatch "name"

// in or
await admin.from("sessions").select("id").or("seats.eq.many,module_id.is.null");
//                                                     ^^^^ type-mismatch "many"

// in a list
await admin.from("sessions").select("id").in("id", ["1", "two"]);
//                                                        ^^^ type-mismatch "two"
