import { createClient } from "@supabase/supabase-js";
import { admin, web } from "../client.ts";
import type { Database } from "../database.types.ts";
import { id, name } from "../input.ts";

// what everyone may read
await web.from("tags").select("id, label").limit(5);

// what whoever is signed in may read
await web.from("programs").select("id, name, modules(title)").limit(5);

// the columns that are granted
await web.from("payments").select("id, amount_cents").eq("enrolment_id", id);

// a change of what is one's own
await web.from("profiles").update({ name, timezone: "UTC" }).eq("id", id);

// what the server may, the server may
await admin.from("user_roles").insert({ user_id: id, role: "admin" });

// all of it
await admin.from("payments").select("*").limit(5);

// its own function
await admin.rpc("purge");

// a client that is made elsewhere
async function anyone(client: ReturnType<typeof createClient<Database>>) {
  return await client.from("user_roles").delete().eq("id", id);
}
console.log(anyone);
