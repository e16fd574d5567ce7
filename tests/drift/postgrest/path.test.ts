import { assertEquals } from "@std/assert";
import { GrammarError } from "../../../drift/postgrest/cursor.ts";
import { parseOrder } from "../../../drift/postgrest/order.ts";
import {
  parseColumns,
  parseEmbedPath,
  parsePath,
} from "../../../drift/postgrest/path.ts";

function path(text: string): string {
  const it = parsePath(text);
  if (it instanceof GrammarError) return `${it.index}: ${it.message}`;
  const names = [...it.embeds, it.column].map((word) =>
    `${text.slice(word.start, word.end)}@${word.start}`
  );
  return [...names, it.json].filter(Boolean).join(" ");
}

const PATHS: Record<string, string> = {
  "name": "name@0",
  "programs.name": "programs@0 name@9",
  "a.b.c": "a@0 b@2 c@4",
  "data->>a": "data@0 text",
  "a.data->b->0": "a@0 data@2 json",
  '"a.b"': "a.b@1",
  "a.": "2: expected a column",
  "a,b": "1: expected the end of the column",
  "a->": "3: expected a JSON key or index",
};

for (const [text, expected] of Object.entries(PATHS)) {
  Deno.test(`a filter's column: ${JSON.stringify(text)}`, () => {
    assertEquals(path(text), expected);
  });
}

function order(text: string): string {
  const terms = parseOrder(text);
  if (terms instanceof GrammarError) return `${terms.index}: ${terms.message}`;
  return terms.map((term) =>
    [
      term.embed && `in ${text.slice(term.embed.start, term.embed.end)}`,
      text.slice(term.column.start, term.column.end),
      term.json,
    ].filter(Boolean).join(" ")
  ).join(" | ");
}

const ORDERS: Record<string, string> = {
  "name": "name",
  "name.desc.nullslast": "name",
  "a.asc,b.nullsfirst": "a | b",
  "data->>a.desc": "data text",
  "programs(name).desc": "in programs name",
  "programs(data->a)": "in programs data json",
  "a.descending": "1: expected asc, desc, nullsfirst or nullslast",
  "a(b": '3: expected ")"',
};

for (const [text, expected] of Object.entries(ORDERS)) {
  Deno.test(`an order: ${JSON.stringify(text)}`, () => {
    assertEquals(order(text), expected);
  });
}

Deno.test("columns of onConflict, with spaces, and the path of referencedTable", () => {
  const columns = parseColumns("a, b,c");
  const embeds = parseEmbedPath("a.b");
  assertEquals(
    [columns, embeds].map((it) =>
      it instanceof GrammarError ? it.message : it.map((word) => word.text)
    ),
    [["a", "b", "c"], ["a", "b"]],
  );
});
