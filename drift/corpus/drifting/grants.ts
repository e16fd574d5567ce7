import { createClient } from "@supabase/supabase-js";
import { web } from "../client.ts";
import type { Database } from "../database.types.ts";
import { id } from "../input.ts";

// nobody but the server may add roles
await web.from("user_roles").insert({ user_id: id, role: "admin" });
//              ^^^^^^^^^^ not-granted "user_roles"

// nor delete organisations
await web.from("organisations").delete().eq("id", id);
//              ^^^^^^^^^^^^^ not-granted "organisations"

// of payments only some columns may be read
await web.from("payments").select("id, amount_cents, paid_at").limit(5);
//                                                   ^^^^^^^ not-granted "paid_at"

// so that all of them may not
await web.from("payments").select("*").limit(5);
//                                 ^ not-granted "*"

// nor be filtered by
await web.from("payments").select("id").eq("refunded", false);
//                                          ^^^^^^^^ not-granted "refunded"

// nor in an embed
await web.from("enrolments").select("id, payments(currency)").limit(5);
//                                                ^^^^^^^^ not-granted "currency"

// a user may change the name, not the switch
await web.from("profiles").update({ is_disabled: false }).eq("id", id);
//                                  ^^^^^^^^^^^ not-granted "is_disabled"

// nor make profiles
await web.from("profiles").upsert({ id, name: "x" });
//              ^^^^^^^^ not-granted "profiles"
//                                  ^^ not-granted "id"

// a function of the server's
await web.rpc("purge");
//             ^^^^^ not-granted "purge"
