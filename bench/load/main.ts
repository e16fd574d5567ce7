/** The load on a stack, in a process beside it: `deno task load` starts both. */
import { runCli } from "../../stack/cli.ts";
import { kindsOf } from "./kinds.ts";
import { watchMemory } from "./memory.ts";
import { summarize, toText } from "./report.ts";
import { drive } from "./traffic.ts";
import { givenWorld } from "./world.ts";

/** How often it tells how far it is, in milliseconds. */
const PROGRESS = 5_000;
/** Every function has started, and compiled what it needs, before anything is measured. */
const WARM_UP_SECONDS = 3;

await runCli(async ([pid, seconds, connections, format]) => {
  const run = { seconds: Number(seconds), connections: Number(connections) };
  tell("makes people, sessions and invitations");
  const kinds = kindsOf(await givenWorld());
  tell(`warms up for ${WARM_UP_SECONDS} s`);
  await drive(kinds, { ...run, seconds: WARM_UP_SECONDS });

  const memory = watchMemory(Number(pid));
  const started = performance.now();
  const progress = setInterval(() => {
    const passed = Math.round((performance.now() - started) / 1_000);
    tell(`${passed} of ${seconds} s`);
  }, PROGRESS);
  const outcomes = await drive(kinds, run);
  clearInterval(progress);
  const report = summarize(outcomes, await memory.stop(), run);
  console.log(format === "json" ? JSON.stringify(report) : toText(report));
  return report.errors.length > 0 ? 1 : 0;
});

function tell(line: string): void {
  console.error(`  load: ${line}`);
}
