import { admin } from "../client.ts";
import { id, ids } from "../input.ts";

// the error is thrown
const { data: one, error } = await admin.from("profiles").select("id").eq("id", id).single();
if (error) throw error;
console.log(one);

// by the builder
await admin.from("profiles").update({ name: "x" }).eq("id", id).throwOnError();

// the whole answer is passed on
function programs() {
  return admin.from("programs").select("id").limit(10);
}
console.log(programs());

// a bounded list
const bounded = await admin.from("enrolments").select("id").range(0, 99);
if (bounded.error) throw bounded.error;

// one row by its key
const own = await admin.from("modules").select("id").eq("program_id", id).eq("position", 1);
if (own.error) throw own.error;

// some rows by theirs
const some = await admin.from("programs").select("id").in("id", ids);
if (some.error) throw some.error;

// a count has no rows
const counted = await admin.from("programs").select("*", { count: "exact", head: true });
if (counted.error) throw counted.error;
