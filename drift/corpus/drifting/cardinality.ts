import { admin } from "../client.ts";
import { id } from "../input.ts";

// many modules read as one
const { data: program } = await admin.from("programs").select("id, modules(title)").eq("id", id).single();
console.log(program.modules.title);
//                          ^^^^^ wrong-cardinality "title"

// one program read as many
const { data: modules } = await admin.from("modules").select("id, programs(name)").limit(5);
for (const module of modules ?? []) console.log(module.programs[0].name);
//                                                              ^ wrong-cardinality "0"

// by an alias
const { data: people } = await admin.from("profiles").select("id, roles:organisations(name)").limit(5);
people?.map((person) => person.roles.map((role) => role.name));
//                                   ^^^ wrong-cardinality "map"

// many to many
const { data: tagged } = await admin.from("programs").select("id, tags(label)").eq("id", id).maybeSingle();
console.log(tagged?.tags?.label);
//                        ^^^^^ wrong-cardinality "label"

// one to one from the other side
const { data: coach } = await admin.from("profiles").select("id, coach_details(bio)").eq("id", id).single();
console.log(coach.coach_details[0].bio);
//                              ^ wrong-cardinality "0"

// two levels
const { data: organisation } = await admin.from("organisations")
  .select("id, profiles(id, coach_details(bio))").eq("id", id).single();
console.log(organisation.profiles.coach_details);
//                                ^^^^^^^^^^^^^ wrong-cardinality "coach_details"

// an order by a list
await admin.from("programs").select("id, modules(title)").order("modules(title)");
//                                                               ^^^^^^^ wrong-cardinality "modules"
