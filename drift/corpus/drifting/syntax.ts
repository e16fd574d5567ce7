import { admin } from "../client.ts";
import { id } from "../input.ts";

// a bracket is not closed
await admin.from("programs").select("id, modules(title");
//                                                   ^^ invalid-select "id, modules(title"

// a comma too many
await admin.from("programs").select("id, name,");
//                                           ^^ invalid-select "id, name,"

// an aggregate that is none
await admin.from("payments").select("amount_cents.total()");
//                                                ^ invalid-select "amount_cents.total()"

// SQL in place of a select string
await admin.from("programs").select("id, name AS label, count(*)");
//                                       ^^^^^^^^^^^^^ unknown-column "nameASlabel" -> "name"
//                                                      ^^^^^ no-relationship "count"

// an operator that is none
await admin.from("programs").select("id").or("name.contains.x,name.eq.y");
//                                                 ^ invalid-filter "name.contains.x,name.eq.y"

// a path within or
await admin.from("modules").select("id, programs(name)").or("programs.name.eq.x,title.eq.y");
//                                                                    ^ invalid-filter "programs.name.eq.x,title.eq.y"

// or without operators
await admin.from("programs").select("id").or("name=x");
//                                                ^ invalid-filter "name=x"

// an order with SQL's word
await admin.from("programs").select("id").order("name DESC");
//                                               ^^^^^^^^^ unknown-column "name DESC" -> "name"

// an order with a word that is none
await admin.from("programs").select("id").order("name.descending");
//                                                   ^ invalid-filter "name.descending"

// a schema that is not exposed
await admin.schema("private").from("secrets").select("id").eq("id", id);
//                  ^^^^^^^ unexposed-schema "private"
