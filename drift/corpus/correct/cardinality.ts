import { admin } from "../client.ts";
import { id } from "../input.ts";

// many read as many
const { data: program } = await admin.from("programs").select("id, modules(title)").eq("id", id).single();
console.log(program?.modules.map((module) => module.title), program?.modules.length, program?.modules[0]?.title);

// one read as one
const { data: modules } = await admin.from("modules").select("id, programs(name)").limit(5);
for (const module of modules ?? []) console.log(module.programs.name);

// one to one
const { data: coach } = await admin.from("profiles").select("id, coach_details(bio)").eq("id", id).single();
console.log(coach?.coach_details?.bio);

// code that is ready for either
const { data: either } = await admin.from("modules").select("id, programs(name)").limit(5);
for (const module of either ?? []) {
  const { programs } = module;
  console.log(Array.isArray(programs) ? programs[0].name : programs.name);
}

// two levels
const { data: organisation } = await admin.from("organisations")
  .select("id, profiles(id, coach_details(bio))").eq("id", id).single();
console.log(organisation?.profiles.map((profile) => profile.coach_details?.bio));

// a column that happens to be JSON
const { data: settings } = await admin.from("organisations").select("settings").eq("id", id).single();
console.log(settings?.settings);
