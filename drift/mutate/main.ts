import { openDatabase } from "../../stack/database.ts";
import { loadCatalog } from "../catalog/load.ts";
import { readSources } from "../paths.ts";
import { openMeter } from "../progress.ts";
import { undone } from "../sql/undone.ts";
import { mutateCode } from "./code.ts";
import { scoreOf } from "./score.ts";
import { mutateSql } from "./sql.ts";
import { checkTypes } from "./types.ts";

const HELP =
  `Renames or drops, one at a time, what the code and the SQL use, and counts what the gate notices.

Usage: deno task drift:mutate [--help] [postgres url]

The database of the URL gets the migrations that it lacks; its server needs plpgsql_check. Without: the code alone.
Exit code: 0 all were noticed, 1 some survived.`;

/** Tests of the gate itself are full of names that are wrong on purpose. */
const OF_THE_GATE = /^tests\/drift\//;

const [url] = Deno.args;
if (url?.startsWith("-")) {
  console.log(HELP);
  Deno.exit(0);
}
const meter = openMeter();
const catalog = await loadCatalog({ kind: "files", progress: meter.say });
const sources = (await readSources([])).filter(({ file }) =>
  !OF_THE_GATE.test(file)
);
const inCode = await checkTypes(
  mutateCode(sources, catalog, meter.say),
  sources.map(({ file }) => file),
  meter.say,
);
const inSql = url === undefined ? [] : await mutateOn(url);
const outcomes = [...inCode, ...inSql];
meter.clear();
console.log(scoreOf(outcomes));
Deno.exit(outcomes.some(({ by }) => by === "none") ? 1 : 0);

/** On a database that is given the migrations it lacks, and then left as it is. */
async function mutateOn(url: string) {
  const progress = meter.say;
  const database = await openDatabase({ db: url, seed: false, progress });
  await database.close();
  return await undone(url, (session) => mutateSql(session, { progress }));
}
