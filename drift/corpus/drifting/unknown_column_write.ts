import { admin } from "../client.ts";
import { id, name, now } from "../input.ts";

// insert
await admin.from("tags").insert({ label: "x", colour: "red" });
//                                            ^^^^^^ unknown-column "colour"

// insert of several
await admin.from("tags").insert([{ label: "x" }, { label: "y", slug: "y" }]);
//                                                             ^^^^ unknown-column "slug"

// update
await admin.from("profiles").update({ full_name: name }).eq("id", id);
//                                    ^^^^^^^^^ unknown-column "full_name" -> "name"

// a short property
const display_name = name;
await admin.from("profiles").update({ display_name }).eq("id", id);
//                                    ^^^^^^^^^^^^ unknown-column "display_name" -> "name"

// upsert
await admin.from("coach_details").upsert({ profile_id: id, biography: "x" });
//                                                         ^^^^^^^^^ unknown-column "biography" -> "bio"

// a row kept in a constant
const row = { program_id: id, client_id: id, client_user_id: id, enrolled_at: now };
//                                                               ^^^^^^^^^^^ unknown-column "enrolled_at"
await admin.from("enrolments").insert(row);

// rows that a map makes
await admin.from("program_tags").insert([id].map((tag) => ({ program_id: id, tagId: tag })));
//                                                                           ^^^^^ unknown-column "tagId" => "tag_id"
//                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ missing-required "tag_id"

// after a spread
const rest = { description: "x" };
await admin.from("programs").update({ ...rest, title: name }).eq("id", id);
//                                             ^^^^^ unknown-column "title" -> "name"

// a misspelling
await admin.from("profiles").update({ is_disable: true }).eq("id", id);
//                                    ^^^^^^^^^^ unknown-column "is_disable" => "is_disabled"

// onConflict
await admin.from("profiles").upsert({ id, name }, { onConflict: "user_id" });
//                                                               ^^^^^^^ unknown-column "user_id"

// one of several in onConflict
await admin.from("enrolments").upsert(
  { program_id: id, client_id: id, client_user_id: id },
  { onConflict: "program_id,user_id" },
//                          ^^^^^^^ unknown-column "user_id" -> "client_id"
);
