/**
 * Holds the contests on the stack that the environment names, and prints the table. `deno task bench`
 * runs it, with the same options.
 */
import { runCli } from "../stack/cli.ts";
import { StackError } from "../stack/errors.ts";
import { api } from "../tests/support/stack.ts";
import { startCounting } from "./calls.ts";
import { type Contest, hold } from "./contest.ts";
import { goalsOf, spendGoals } from "./goals.ts";
import { type Options, parseOptions } from "./options.ts";
import { publish } from "./publish.ts";
import { type Row, rowsOf } from "./report.ts";
import { measureSpends } from "./spends/main.ts";
import { SUBJECTS } from "./subjects.ts";
import { readSurroundings } from "./surroundings.ts";

/** A contest of long requests ends before its rounds are over. */
const CONTEST_MILLISECONDS = 15_000;

await runCli(async (args) => {
  const options = parseOptions(args);
  const rows: Row[] = [];
  for await (const contest of contestsOf(options)) {
    rows.push(...await measure(contest, options));
  }
  const spends = wantsSpends(options) && api.dbUrl
    ? await measureSpends(api.dbUrl, progress)
    : [];
  const measured = await readSurroundings(api.dbUrl, new Date());
  const goals = [...goalsOf(rows), ...spendGoals(spends)];
  await publish({ measured, rows, spends, goals }, options);
  return 0;
});

function progress(line: string): void {
  console.error(`  ${line}`);
}

/** They need a server: PGlite has one connection. */
function wantsSpends({ filter }: Pick<Options, "filter">): boolean {
  return "spends".includes(filter);
}

async function* contestsOf(
  { filter, owners }: Options,
): AsyncGenerator<Contest> {
  const subjects = SUBJECTS.filter(({ name }) => name.includes(filter));
  if (subjects.length === 0 && !(wantsSpends({ filter }) && api.dbUrl)) {
    const names = SUBJECTS.map(({ name }) => name).join(", ");
    throw new StackError(
      `--filter wants part of ${names}, drift, or, with --db, spends`,
    );
  }
  const settings = {
    owners: owners ?? (api.dbUrl ? 100_000 : 10_000),
    dbUrl: api.dbUrl,
    progress,
  };
  for (const subject of subjects) yield* subject.contests(settings);
}

async function measure(
  contest: Contest,
  { rounds }: Options,
): Promise<Row[]> {
  const limits = { rounds, milliseconds: CONTEST_MILLISECONDS };
  const times = await hold(contest, limits, api.url);
  await using gateway = await startCounting(api.url);
  const calls: (number | null)[] = [];
  for (const contestant of contest.contestants) {
    calls.push(
      contestant.isLocal
        ? null
        : contestant.calls ?? await gateway.callsOf(contestant),
    );
  }
  return rowsOf(
    contest,
    times.map((it, index) => ({ ...it, calls: calls[index] ?? null })),
  );
}
