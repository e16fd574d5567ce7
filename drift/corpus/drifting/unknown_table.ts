import { admin } from "../client.ts";
import { flag, id } from "../input.ts";

// a table that was renamed
await admin.from("enrollments").select("id");
//                ^^^^^^^^^^^ unknown-table "enrollments" => "enrolments"

// a table that never was
await admin.from("wheel_of_life_scores").select("*").eq("user_id", id);
//                ^^^^^^^^^^^^^^^^^^^^ unknown-table "wheel_of_life_scores"

// singular for plural
await admin.from("program").insert({ name: "x", owner_id: id });
//                ^^^^^^^ unknown-table "program" -> "programs"

// a function is called, not read
await admin.from("programs_of").select("id");
//                ^^^^^^^^^^^ unknown-table "programs_of" -> "programs"

// a table of a schema that is not exposed
await admin.from("secrets").select("id");
//                ^^^^^^^ unknown-table "secrets"

// an enum is no table
await admin.from("enrolment_status").select("*");
//                ^^^^^^^^^^^^^^^^ unknown-table "enrolment_status"

// the name in a constant
const TABLE = "user_subscriptions";
//             ^^^^^^^^^^^^^^^^^^ unknown-table "user_subscriptions"
await admin.from(TABLE).select("id");

// one side of a choice
const source = flag ? "programs" : "courses";
//                                  ^^^^^^^ unknown-table "courses"
await admin.from(source).select("id");

// behind a cast
await admin.from("program_modules" as any).select("id");
//                ^^^^^^^^^^^^^^^ unknown-table "program_modules" -> "modules"

// a template without holes
await admin.from(`module`).delete().eq("id", id);
//                ^^^^^^ unknown-table "module" => "modules"

// in a stored builder
const table = admin.from("organization");
//                        ^^^^^^^^^^^^ unknown-table "organization" => "organisations"
await table.select("id");

// a helper that takes the client
async function first(client: typeof admin) {
  return await client.from("module_sessions").select("id").limit(1);
//                          ^^^^^^^^^^^^^^^ unknown-table "module_sessions" -> "sessions"
}
await first(admin);
