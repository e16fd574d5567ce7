import { admin } from "../client.ts";
import { id, name } from "../input.ts";

// null where there can be none
await admin.from("profiles").update({ name: null }).eq("id", id);
//                                    ^^^^ null-in-not-null "name"

// a default does not help against it
await admin.from("programs").insert({ name, owner_id: id, visibility: null });
//                                                        ^^^^^^^^^^ null-in-not-null "visibility"

// of two rows, one leaves out what the other gives
await admin.from("programs").insert([
  { name, owner_id: id, price_cents: 100 },
  { name, owner_id: id },
//^^^^^^^^^^^^^^^^^^^^^^ null-in-not-null "price_cents"
]);

// a required column is left out
await admin.from("programs").insert({ name });
//                                  ^^^^^^^^ missing-required "owner_id"

// two of them
await admin.from("modules").insert({ program_id: id, title: "x" });
//                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ missing-required "position"
//                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ missing-required "kind"

// an upsert needs them too, even where the row is there
await admin.from("profiles").upsert({ id, avatar_url: "x" });
//                                  ^^^^^^^^^^^^^^^^^^^^^^^ missing-required "name"

// in the second of two rows
await admin.from("tags").insert([{ label: "x" }, {}]);
//                                               ^^ missing-required "label"

// a generated column
await admin.from("programs").update({ price: 10 }).eq("id", id);
//                                    ^^^^^ generated-column "price"

// an identity
await admin.from("categories").insert({ id: 5, name });
//                                      ^^ generated-column "id"

// a view that joins takes no row
await admin.from("program_overview").insert({ name });
//                ^^^^^^^^^^^^^^^^ not-writable "program_overview"

// nor a change
await admin.from("program_counts").update({ enrolments: 0 }).eq("program_id", id);
//                ^^^^^^^^^^^^^^ not-writable "program_counts"

// nor a delete
await admin.from("program_overview").delete().eq("id", id);
//                ^^^^^^^^^^^^^^^^ not-writable "program_overview"

// a computed column of a view that takes others
await admin.from("active_enrolments").update({ checkout: "x" }).eq("id", id);
//                                             ^^^^^^^^ not-writable "checkout"

// a computed field of a table
await admin.from("profiles").update({ initials: "x" }).eq("id", id);
//                                    ^^^^^^^^ not-writable "initials"

// no unique key
await admin.from("enrolments").upsert(
  { program_id: id, client_id: id, client_user_id: id, stripe_checkout_session_id: "x" },
  { onConflict: "stripe_checkout_session_id" },
//               ^^^^^^^^^^^^^^^^^^^^^^^^^^ no-unique-key "stripe_checkout_session_id"
);

// a part of one
await admin.from("modules").upsert(
  { program_id: id, position: 1, title: "x", kind: "text" },
  { onConflict: "program_id" },
//               ^^^^^^^^^^ no-unique-key "program_id"
);

// a key that holds for some rows only
await admin.from("payments").upsert(
  { enrolment_id: id, amount_cents: 1, stripe_session: "x" },
  { onConflict: "stripe_session" },
//               ^^^^^^^^^^^^^^ no-unique-key "stripe_session"
);
