import { admin } from "../client.ts";
import { id } from "../input.ts";

// a function that is not there
await admin.rpc("expire_credit_batches");
//               ^^^^^^^^^^^^^^^^^^^^^ unknown-function "expire_credit_batches"

// a misspelled one
await admin.rpc("enroll", { p_program_id: id, p_client_id: id });
//               ^^^^^^ unknown-function "enroll" => "enrol"

// a table is read, not called
await admin.rpc("programs");
//               ^^^^^^^^ unknown-function "programs" -> "programs_of"

// a trigger function cannot be called
await admin.rpc("number_session");
//               ^^^^^^^^^^^^^^ unknown-function "number_session"

// an argument under its former name
await admin.rpc("roll_over", { p_owner: id, p_max_rollover: 3 });
//                                          ^^^^^^^^^^^^^^ unknown-argument "p_max_rollover" -> "p_max_months"

// one argument too many
await admin.rpc("ping", { verbose: true });
//                        ^^^^^^^ unknown-argument "verbose"

// without the prefix
await admin.rpc("programs_of", { owner_id: id });
//                               ^^^^^^^^ unknown-argument "owner_id" => "p_owner_id"

// an argument that is left out
await admin.rpc("enrol", { p_program_id: id });
//               ^^^^^ missing-argument "p_client_id"

// all of them
await admin.rpc("roll_over");
//               ^^^^^^^^^ missing-argument "p_owner"
//               ^^^^^^^^^ missing-argument "p_max_months"

// of a function with a default
await admin.rpc("usage_report", { p_to: "2026-02-01" });
//               ^^^^^^^^^^^^ missing-argument "p_from"

// none of the forms has it
await admin.rpc("find_tag", { p_name: "x" });
//                            ^^^^^^ unknown-argument "p_name" -> "p_label"

// two forms that only the types tell apart
await admin.rpc("add_points", { p_user: id, p_points: 5 });
//               ^^^^^^^^^^ ambiguous-function "add_points"

// an enum argument
await admin.rpc("enrol", { p_program_id: id, p_client_id: id, p_status: "enrolled" });
//                                                                       ^^^^^^^^ invalid-enum-value "enrolled"

// an argument of another type
await admin.rpc("roll_over", { p_owner: id, p_max_months: "three" });
//                                                         ^^^^^ type-mismatch "three"

// a date that is none
await admin.rpc("usage_report", { p_from: "soon" });
//                                         ^^^^ type-mismatch "soon"
