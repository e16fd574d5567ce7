import { parseArgs } from "node:util";
import { runCli } from "../../stack/cli.ts";
import { positionOf } from "../code/position.ts";
import { judge } from "../rules/judge.ts";
import { RULES } from "../rules/rules.ts";
import { auditCatalog, corpusCatalog } from "./catalog.ts";
import { lintDatabase } from "./lint_database.ts";
import { type Corpus, readCorpus } from "./read.ts";
import type { Snippet } from "./snippets.ts";
import { typeErrors } from "./type_errors.ts";

const HELP =
  `Runs drift, tsc --strict and supabase db lint over the same corpus, and prints a table.

Usage: deno task drift:compare [options]

  --db <url>  a PostgreSQL server with plpgsql_check, for supabase db lint: the corpus's schema is
              made in a database of its own there (default: db lint is left out)
  --help      print this`;

/** Places where a tool says something, by file. */
type Places = ReadonlyMap<string, ReadonlySet<number>>;

await runCli(main);

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { db: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const corpora = (await readCorpus()).map(withoutAdvice);
  const drift = await driftPlaces(corpora);
  const types = typeErrors(corpora.flatMap(filesOf));
  // what db lint says is about functions of the database; no line of code is ever its place
  const lint = values.db === undefined
    ? "not run"
    : await lintDatabase(values.db);
  console.log(table(corpora, drift, types, lint));
  return 0;
}

/** Advice is not drift: TypeScript has no word on it. */
function withoutAdvice(corpus: Corpus): Corpus {
  const files = corpus.files.filter(({ scanned }) =>
    !scanned.file.endsWith("/advice.ts")
  );
  return { ...corpus, files };
}

async function driftPlaces(corpora: readonly Corpus[]): Promise<Places> {
  const catalogs = {
    corpus: await corpusCatalog(),
    audit: await auditCatalog(),
  };
  return new Map(corpora.flatMap((corpus) =>
    corpus.files.map(({ scanned }) => {
      const { found } = judge(scanned, catalogs[corpus.over]);
      const lines = found.filter((it) => it.level === "drift")
        .map(({ span }) => positionOf(span.source, span.start).line);
      return [scanned.file, new Set(lines)] as const;
    })
  ));
}

function table(
  corpora: readonly Corpus[],
  drift: Places,
  types: Places,
  lint: string,
): string {
  const drifting = corpora.filter((it) => it.drifting).flatMap(snippetsOf);
  const correct = corpora.filter((it) => !it.drifting).flatMap(snippetsOf);
  const row = (label: string, snippets: readonly Snippet[]) =>
    `| ${label} | ${snippets.length} | ${count(drift, snippets)} | ` +
    `${count(types, snippets)} | ${lint} |`;
  const rules = RULES.filter(({ level }) => level === "drift").map(({ code }) =>
    row(code, drifting.filter((it) => it.expected[0]?.rule === code))
  );
  return [
    "| | snippets | drift | tsc --strict | supabase db lint |",
    "| --- | --- | --- | --- | --- |",
    ...rules,
    row("drifting, found", drifting),
    row("correct, reported", correct),
  ].join("\n");
}

function count(places: Places, snippets: readonly Snippet[]): number {
  return snippets.filter(({ file, lines: [first, last] }) =>
    [...places.get(file) ?? []].some((line) => line >= first && line <= last)
  ).length;
}

function snippetsOf(corpus: Corpus): Snippet[] {
  return corpus.files.flatMap((file) => file.snippets);
}

function filesOf(corpus: Corpus): string[] {
  return corpus.files.map(({ scanned }) => scanned.file);
}
