import { assertEquals } from "@std/assert";
import { GrammarError, type Word } from "../../../drift/postgrest/cursor.ts";
import {
  parseSelect,
  type SelectItem,
} from "../../../drift/postgrest/select.ts";

/** Writes what was read, each name with the text that stands at its place. */
function read(text: string): string {
  const items = parseSelect(text);
  if (items instanceof GrammarError) return `${items.index}: ${items.message}`;
  return items.map((item) => shown(text, item)).join(" | ");
}

function shown(text: string, item: SelectItem): string {
  const at = (word: Word) => {
    const source = text.slice(word.start, word.end);
    return source === word.text ? word.text : `${word.text}<${source}>`;
  };
  switch (item.kind) {
    case "star":
      return "star";
    case "count":
      return `count${item.alias ? ` as ${at(item.alias)}` : ""}`;
    case "field":
      return [
        at(item.name),
        item.path && `path ${item.path}`,
        item.cast && `cast ${at(item.cast)}`,
        item.aggregate && `aggregate ${at(item.aggregate)}`,
        item.alias && `as ${at(item.alias)}`,
      ].filter(Boolean).join(" ");
    case "embed":
      return [
        item.spread ? "spread" : "embed",
        at(item.target),
        item.hint && `hint ${at(item.hint)}`,
        item.join,
        item.alias && `as ${at(item.alias)}`,
        `(${item.items.map((it) => shown(text, it)).join(" | ")})`,
      ].filter(Boolean).join(" ");
  }
}

const READ: Record<string, string> = {
  "": "",
  "*": "star",
  "id, name": "id | name",
  "label:name": "name as label",
  "a:b::text": "b cast text as a",
  "data->a->0->>b": "data path text",
  "data->a": "data path json",
  "x:data->>a::int": "data path text cast int as x",
  "created-at,$x,größe,_1": "created-at | $x | größe | _1",
  'a:"full name", "x\\"y"': 'full name as a | x"y<x\\"y>',
  "full name": "fullname<full name>",
  "amount.sum()": "amount aggregate sum",
  "t:amount::int.avg()::text": "amount cast int aggregate avg as t",
  "count()": "count",
  "n:count()": "count as n",
  "*.count()": "count",
  "posts(count)": "embed posts (count)",
  "a(b(c),d),e": "embed a (embed b (c) | d) | e",
  "a()": "embed a ()",
  "x:a!fk!inner(b)": "embed a hint fk inner as x (b)",
  "a!inner!fk(b)": "embed a hint fk inner (b)",
  "a!left(b)": "embed a left (b)",
  "...a!fk(b)": "spread a hint fk (b)",
  '"my table"!"my fk"("my column")': "embed my table hint my fk (my column)",
  "\n  id,\n  a (\n    b\n  )\n": "id | embed a (b)",
  "count": "count",
};

for (const [text, expected] of Object.entries(READ)) {
  Deno.test(`select reads ${JSON.stringify(text)}`, () => {
    assertEquals(read(text), expected);
  });
}

const REFUSED: Record<string, string> = {
  "id,": "3: expected a column or relation",
  "a(b": '3: expected ")"',
  "a)": "1: expected a comma",
  "a b(c": '5: expected ")"',
  "a:": "2: expected a column or relation",
  "a::": "3: expected a type",
  "a!b": '3: expected "("',
  "a.total()": "2: expected sum(), avg(), count(), max(), min()",
  "a.sum": '5: expected "("',
  '"a': "2: a quote is not closed",
  "a->": "3: expected a JSON key or index",
  "a;b": "1: expected a comma",
};

for (const [text, expected] of Object.entries(REFUSED)) {
  Deno.test(`select refuses ${JSON.stringify(text)}`, () => {
    assertEquals(read(text), expected);
  });
}
