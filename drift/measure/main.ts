import { parseArgs } from "node:util";
import { judgeCode } from "../gate.ts";
import { sentence } from "../report/text.ts";
import { readCheckout } from "./checkout.ts";
import {
  hashOf,
  type Judgements,
  judgementsText,
  readJudgements,
} from "./judgements.ts";
import { type Row, table } from "./table.ts";

const HELP = `Runs the gate on checkouts and says how often it is right.

Usage: deno task drift:measure [options] <checkout> …

  --judgements <file>  what persons said of findings (default: drift/measure/judgements.json)
  --list               print the findings that nobody has judged yet, each with its hash
  --right <hash>       note that the finding of this hash is right; may be given again
  --wrong <hash>       note that it is wrong
  --help               print this

A checkout is judged by its generated types, or else by its migrations. Of it nothing is kept but hashes.
Exit code: 0 measured, 2 a checkout could not be read.`;

const DEFAULT = "drift/measure/judgements.json";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    judgements: { type: "string" },
    list: { type: "boolean" },
    right: { type: "string", multiple: true },
    wrong: { type: "string", multiple: true },
    help: { type: "boolean" },
  },
});

if (values.help || Deno.args.length === 0) {
  console.log(HELP);
  Deno.exit(0);
}
const path = values.judgements ?? DEFAULT;
const judgements = await noted(path);
const rows: Row[] = [];
let failed = false;
for (const root of positionals) {
  try {
    rows.push(await measure(root, judgements));
  } catch (error) {
    failed = true;
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`${root}: ${reason}`);
  }
}
if (rows.length > 0) console.log(table(rows));
Deno.exit(failed ? 2 : 0);

async function noted(path: string): Promise<Judgements> {
  const before = await readJudgements(path);
  const { right = [], wrong = [] } = values;
  if (right.length === 0 && wrong.length === 0) return before;
  const after = new Map([
    ...before,
    ...right.map((hash) => [hash, true] as const),
    ...wrong.map((hash) => [hash, false] as const),
  ]);
  await Deno.writeTextFile(path, judgementsText(after));
  return after;
}

async function measure(root: string, judgements: Judgements): Promise<Row> {
  const { sources, catalog, by } = await readCheckout(root);
  const texts = new Map(sources.map(({ file, text }) => [file, text]));
  const started = performance.now();
  const verdict = judgeCode(sources, catalog);
  const milliseconds = performance.now() - started;
  const findings = verdict.findings.filter(({ level }) => level === "drift");
  const counts = { right: 0, wrong: 0, open: 0 };
  for (const finding of findings) {
    const hash = await hashOf(finding, texts.get(finding.file) ?? "");
    const isRight = judgements.get(hash);
    counts[isRight === undefined ? "open" : isRight ? "right" : "wrong"]++;
    if (values.list && isRight === undefined) {
      const { file, line, column, rule } = finding;
      console.error(
        `${hash} ${root}/${file}:${line}:${column} ${rule}: ${
          sentence(finding)
        }`,
      );
    }
  }
  return {
    root,
    by,
    files: sources.length,
    calls: verdict.chains,
    unread: verdict.unread.length,
    milliseconds,
    ...counts,
  };
}
