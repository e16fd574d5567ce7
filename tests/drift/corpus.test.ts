import { assert, assertEquals } from "@std/assert";
import type { Catalog } from "../../drift/catalog/catalog.ts";
import { fromTypes } from "../../drift/catalog/from_types.ts";
import { positionOf } from "../../drift/code/position.ts";
import { auditCatalog, corpusCatalog } from "../../drift/corpus/catalog.ts";
import { type Corpus, readCorpus } from "../../drift/corpus/read.ts";
import type { Expected } from "../../drift/corpus/snippets.ts";
import { judge } from "../../drift/rules/judge.ts";
import type { Found } from "../../drift/rules/rule.ts";
import { RULES } from "../../drift/rules/rules.ts";

const CATALOGS: Record<Corpus["over"], () => Promise<Catalog>> = {
  corpus: corpusCatalog,
  audit: auditCatalog,
};

for (const corpus of await readCorpus()) {
  Deno.test(`every finding of ${corpus.name}, and no other`, async () => {
    const catalog = await CATALOGS[corpus.over]();
    for (const { scanned, snippets } of corpus.files) {
      const { found } = judge(scanned, catalog);
      const level = scanned.file.endsWith("/advice.ts") ? "advice" : "drift";
      const shown = found.filter((it) => it.level === level).map(expectation);
      const expected = snippets.flatMap((snippet) => snippet.expected);
      assertEquals(sorted(shown), sorted(expected), scanned.file);
    }
  });
}

Deno.test("a types file alone raises no false alarm but over a trigger's column, as TypeScript does", async () => {
  const types = new URL(
    "../../drift/corpus/database.types.ts",
    import.meta.url,
  );
  const catalog = fromTypes(await Deno.readTextFile(types));
  const correct = (await readCorpus()).find((it) => it.name === "correct");
  const alarms = correct?.files.flatMap(({ scanned }) =>
    judge(scanned, catalog).found.filter((it) => it.level === "drift")
  );
  assertEquals(new Set(alarms?.map((it) => it.name)), new Set(["sequence"]));
});

Deno.test("the corpus has 120 drifting and 120 correct snippets at least, and each rule", async () => {
  const corpora = await readCorpus();
  const drifting = corpora.filter((it) => it.drifting).flatMap(snippetsOf);
  const correct = corpora.filter((it) => !it.drifting).flatMap(snippetsOf);
  assert(drifting.length >= 120, `${drifting.length} drifting`);
  assert(correct.length >= 120, `${correct.length} correct`);
  assertEquals(drifting.filter((it) => it.expected.length === 0), []);
  assertEquals(correct.filter((it) => it.expected.length > 0), []);
  const rules = new Set(
    drifting.flatMap((it) => it.expected.map(({ rule }) => rule)),
  );
  assertEquals(
    RULES.map(({ code }) => code).filter((code) => !rules.has(code)),
    [],
  );
});

function snippetsOf(corpus: Corpus) {
  return corpus.files.flatMap((file) => file.snippets);
}

function expectation(found: Found): Expected {
  const { rule, name, suggestion, fix, span } = found;
  return {
    ...positionOf(span.source, span.start),
    rule,
    name,
    suggestion,
    certain: fix !== undefined,
  };
}

function sorted(list: readonly Expected[]): Expected[] {
  return list.toSorted((a, b) =>
    a.line - b.line || a.column - b.column || a.rule.localeCompare(b.rule) ||
    a.name.localeCompare(b.name)
  );
}
