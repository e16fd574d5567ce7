import { admin } from "../client.ts";
import { flag, id, ids, name, now } from "../input.ts";

// insert
await admin.from("tags").insert({ label: "x" });

// insert of several
await admin.from("tags").insert([{ label: "x" }, { label: "y" }]);

// insert and read back
await admin.from("tags").insert({ label: "x" }).select("id, label").single();

// what has a default is left out
await admin.from("programs").insert({ name, owner_id: id });

// null where it may be
await admin.from("programs").insert({ name, owner_id: id, description: null, reviewer_id: null });

// what a trigger sets is left out
await admin.from("sessions").insert({ coach_id: id, scheduled_at: now });

// or null
await admin.from("sessions").insert({ coach_id: id, scheduled_at: now, sequence: null as never });

// a check that lets null through
await admin.from("sessions").insert({ coach_id: id, scheduled_at: now, status: null });

// its values
await admin.from("sessions").insert({ coach_id: id, scheduled_at: now, status: "held" });

// rows that differ where the column may be null
await admin.from("programs").insert([
  { name, owner_id: id, description: "x" },
  { name, owner_id: id },
]);

// rows that differ, with their defaults
await admin.from("programs").insert([
  { name, owner_id: id, price_cents: 100 },
  { name, owner_id: id },
], { defaultToNull: false });

// update
await admin.from("profiles").update({ name, is_disabled: flag }).eq("id", id);

// a short property
await admin.from("profiles").update({ name }).eq("id", id);

// a spread of who knows what
const rest: { name?: string } = { name };
await admin.from("programs").insert({ ...rest, owner_id: id } as never);

// a computed key
await admin.from("profiles").update({ [name]: "x" }).eq("id", id);

// upsert on the primary key
await admin.from("coach_details").upsert({ profile_id: id, bio: "x" });

// upsert on a unique key
await admin.from("enrolments").upsert(
  { program_id: id, client_id: id, client_user_id: id },
  { onConflict: "program_id,client_id" },
);

// in another order, with a space
await admin.from("modules").upsert(
  { program_id: id, position: 1, title: "x", kind: "text" },
  { onConflict: "position, program_id", ignoreDuplicates: true },
);

// on a composite primary key
await admin.from("program_tags").upsert({ program_id: id, tag_id: id }, { onConflict: "program_id,tag_id" });

// on a unique column
await admin.from("tags").upsert([{ label: "x" }], { onConflict: "label" });

// lists
await admin.from("profiles").update({ tags: ["coach", "lead"] }).eq("id", id);

// a list as Postgres writes it
await admin.from("profiles").update({ tags: "{coach}" as never }).eq("id", id);

// JSON takes anything
await admin.from("programs").update({ metadata: { theme: "dark", sizes: [1, 2] } }).eq("id", id);

// numbers as text
await admin.from("programs").update({ price_cents: "100" as never }).eq("id", id);

// a text takes a number
await admin.from("tags").insert({ label: 2026 as never });

// a date and a time
await admin.from("programs").update({ starts_on: "2026-05-01" }).eq("id", id);

// a time at run time
await admin.from("enrolments").update({ started_at: new Date().toISOString() }).eq("id", id);

// an expression
await admin.from("programs").update({ price_cents: 100 * 3 }).eq("id", id);

// rows that a map makes
await admin.from("program_tags").insert(ids.map((tag_id) => ({ program_id: id, tag_id })));

// delete
await admin.from("program_tags").delete().eq("program_id", id).in("tag_id", ids);

// a view that shows one table
await admin.from("active_enrolments").update({ status: "paused" }).eq("id", id);

// and takes deletes
await admin.from("active_enrolments").delete().eq("id", id);

// an enum by a choice
await admin.from("enrolments").update({ status: flag ? "active" : "paused" }).eq("id", id);

// rows at run time
await admin.from("tags").insert(JSON.parse(name));

// undefined is left out by JSON
await admin.from("programs").update({ name: flag ? name : undefined }).eq("id", id);
