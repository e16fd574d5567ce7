import { admin } from "../client.ts";
import { flag, id } from "../input.ts";

// the audit's first: profiles has a name
await admin.from("profiles").select("id, full_name").eq("id", id).single();
//                                       ^^^^^^^^^ unknown-column "full_name" -> "name"

// behind an alias
await admin.from("programs").select("label:title");
//                                         ^^^^^ unknown-column "title" -> "name"

// with a cast
await admin.from("programs").select("id, price_amount::text");
//                                       ^^^^^^^^^^^^ unknown-column "price_amount" -> "price"

// with a JSON path
await admin.from("programs").select("id, meta->theme");
//                                       ^^^^ unknown-column "meta" -> "metadata"

// with an aggregate
await admin.from("payments").select("amount.sum()");
//                                   ^^^^^^ unknown-column "amount" -> "amount_cents"

// in an embed
await admin.from("programs").select("id, modules(id, name)");
//                                                   ^^^^ unknown-column "name" -> "title"

// two levels down
await admin.from("organisations").select("id, profiles(id, coach_details(biography))");
//                                                                       ^^^^^^^^^ unknown-column "biography" -> "bio"

// in a spread
await admin.from("modules").select("id, ...programs(title)");
//                                                  ^^^^^ unknown-column "title" -> "name"

// in an embed by its constraint
await admin.from("programs").select("id, profiles!programs_owner_id_fkey(username)");
//                                                                       ^^^^^^^^ unknown-column "username" -> "name"

// in an embed by its column
await admin.from("programs").select("id, owner_id(nickname)");
//                                                ^^^^^^^^ unknown-column "nickname" -> "name"

// in a many-to-many embed
await admin.from("programs").select("id, tags(name)");
//                                            ^^^^ unknown-column "name" -> "label"

// over several lines
await admin.from("profiles").select(`
  id,
  name,
  organisations (
    id,
    title
  )
`);
//  ^^^^^ unknown-column "title" -> "name" (2 lines up)

// joined from parts
const COLUMNS = "id, name, " +
  "is_active";
// ^^^^^^^^^ unknown-column "is_active"
await admin.from("profiles").select(COLUMNS);

// one side of a choice
await admin.from("modules").select(flag ? "id, title" : "id, heading");
//                                                           ^^^^^^^ unknown-column "heading"

// returned from an insert
await admin.from("tags").insert({ label: "x" }).select("id, name").single();
//                                                          ^^^^ unknown-column "name" -> "label"

// beside a hole
await admin.from("profiles").select(`id, phone, ${id}`);
//                                       ^^^^^ unknown-column "phone"

// of a view
await admin.from("program_overview").select("id, coach_name");
//                                               ^^^^^^^^^^ unknown-column "coach_name" -> "name"

// of a function's rows
await admin.rpc("programs_of", { p_owner_id: id }).select("id, title");
//                                                             ^^^^^ unknown-column "title" -> "name"

// of a function's own columns
await admin.rpc("usage_report", { p_from: "2026-01-01" }).select("program_id, hours");
//                                                                            ^^^^^ unknown-column "hours"

// a quoted name
await admin.from("profiles").select('"displayName"');
//                                    ^^^^^^^^^^^ unknown-column "displayName" -> "name"

// whitespace outside quotes does not count: this asks for startson
await admin.from("programs").select("starts on");
//                                   ^^^^^^^^^ unknown-column "startson" => "starts_on"

// in a computed relationship
await admin.from("profiles").select("id, latest_session(id, starts_at)");
//                                                          ^^^^^^^^^ unknown-column "starts_at" -> "scheduled_at"
