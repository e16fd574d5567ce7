import { admin } from "../client.ts";
import { flag, id, name } from "../input.ts";

// all arguments
await admin.rpc("enrol", { p_program_id: id, p_client_id: id, p_status: "paused" });

// without those that have a default
await admin.rpc("enrol", { p_program_id: id, p_client_id: id });

// no arguments
await admin.rpc("ping");

// an empty object of them
await admin.rpc("ping", {});

// an overload by its name
await admin.rpc("find_tag", { p_label: "x" });

// the other one
await admin.rpc("find_tag", { p_id: id });

// a single unnamed argument takes the body
await admin.rpc("import_rows" as never, { anything: [1, 2], at: "all" } as never);

// arguments at run time
await admin.rpc("roll_over", JSON.parse(name));

// some of them
const rest = { p_owner: id };
await admin.rpc("roll_over", { ...JSON.parse(name), ...rest });

// the name at run time
await admin.rpc(name as "ping");

// either of two
await admin.rpc(flag ? "ping" : "purge");

// a count
await admin.rpc("programs_of", { p_owner_id: id }, { count: "exact", head: true });

// by get
await admin.rpc("programs_of", { p_owner_id: id }, { get: true }).select("id");

// one row
await admin.rpc("programs_of", { p_owner_id: id }).select("id, owner:profiles!owner_id(name)").limit(1).single();
