import { createClient } from "@supabase/supabase-js";
import { admin } from "../client.ts";
import { id } from "../input.ts";

// nobody looks at the error
await admin.from("profiles").update({ name: "x" }).eq("id", id);
//          ^^^^ ignored-error "error"

// only data is taken
const { data: one } = await admin.from("profiles").select("id").eq("id", id).single();
//                                ^^^^ ignored-error "error"
console.log(one);

// a client without the types
const plain = createClient("http://localhost", "key");
const { error: plainError } = await plain.from("profiles").select("id").limit(1);
//                                        ^^^^ untyped-client "client"
if (plainError) throw plainError;

// a list without an end
const { data: all, error: allError } = await admin.from("enrolments").select("id").eq("status", "active");
//                                                       ^^^^^^^^^^ unbounded-select "enrolments"
if (allError) throw allError;
console.log(all);

// a limit of the embedded rows is none of the list
const { error: embeddedError } = await admin.from("programs").select("id, modules(id)").limit(3, { referencedTable: "modules" });
//                                                 ^^^^^^^^ unbounded-select "programs"
if (embeddedError) throw embeddedError;

// an embed with an alias, filtered by its table's name
const { error: aliasError } = await admin.from("programs")
  .select("id, owner:profiles!owner_id(name)").eq("profiles.name", "x").limit(1);
//                                                 ^^^^^^^^ embed-by-table "profiles" => "owner"
if (aliasError) throw aliasError;
