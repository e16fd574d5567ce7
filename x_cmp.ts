import { findDifferences } from "./drift/live/mod.ts";
const d = await findDifferences({
  live: Deno.args[0],
  migrations: Deno.args[1],
  byEffect: true,
  progress: () => {},
});
const by: Record<string, number> = {};
for (const x of d) {
  by[`${x.state} ${x.kind}`] = (by[`${x.state} ${x.kind}`] ?? 0) + 1;
}
console.log(by);
const want = (Deno.args[2] ?? "table,column,type,key").split(",");
for (const x of d) {
  if (want.includes(x.kind) && x.state !== "extra") {
    console.log(x.state, x.kind, x.name, "|", x.repository, "|", x.deployed);
  }
}
if (Deno.args[3]) {
  for (const x of d) {
    if (x.kind === Deno.args[3]) {
      console.log(
        x.state,
        x.kind,
        x.name,
        "|",
        x.repository?.slice(0, 200),
        "|",
        x.deployed?.slice(0, 200),
      );
    }
  }
}
Deno.exit(0);
