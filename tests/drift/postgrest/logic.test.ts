import { assertEquals } from "@std/assert";
import { GrammarError, HOLE } from "../../../drift/postgrest/cursor.ts";
import { parseList, parseLogic } from "../../../drift/postgrest/logic.ts";

/** Writes what was read, each name and value with the text that stands at its place. */
function read(text: string): string[] | string {
  const conditions = parseLogic(text);
  if (conditions instanceof GrammarError) {
    return `${conditions.index}: ${conditions.message}`;
  }
  return conditions.map((it) =>
    [
      text.slice(it.column.start, it.column.end),
      it.json && `->${it.json}`,
      it.negated && "not",
      it.operator,
      ...it.values.map((value) => `[${value.text}]`),
    ].filter(Boolean).join(" ")
  );
}

const READ: Record<string, string[]> = {
  "a.eq.1": ["a eq [1]"],
  "a.eq.1,b.gt.2": ["a eq [1]", "b gt [2]"],
  "a.eq.1, b.is.null": ["a eq [1]", "b is [null]"],
  "a.not.is.null": ["a not is [null]"],
  "a.in.(1,2),b.in.(x)": ["a in [1] [2]", "b in [x]"],
  'a.in.("x,y","z\\"w")': ['a in [x,y] [z"w]'],
  'a.eq."b,c)",d.eq.e': ["a eq [b,c)]", "d eq [e]"],
  "a.cs.{x,y},b.eq.1": ["a cs [{x,y}]", "b eq [1]"],
  "a.like(any).{x%,%y}": ["a like(any) [{x%,%y}]"],
  "a.fts(english).word": ["a fts(english) [word]"],
  "a.lt.2026-01-01T00:00:00.000Z": ["a lt [2026-01-01T00:00:00.000Z]"],
  "and(a.eq.1,or(b.eq.2,c.eq.3))": ["a eq [1]", "b eq [2]", "c eq [3]"],
  "not.and(a.eq.1,b.eq.2),c.eq.3": ["a eq [1]", "b eq [2]", "c eq [3]"],
  "data->>key.eq.x": ["data ->text eq [x]"],
  "data->a->0.eq.x": ["data ->json eq [x]"],
  '"my column".eq.x': ["my column eq [x]"],
  "a.eq.": ["a eq []"],
  [`a.eq.${HOLE},b.in.(${HOLE})`]: [`a eq [${HOLE}]`, `b in [${HOLE}]`],
  [`a.eq.1,${HOLE}`]: ["a eq [1]"],
  [`a.in.${HOLE}`]: [`a in [${HOLE}]`],
};

for (const [text, expected] of Object.entries(READ)) {
  Deno.test(`or reads ${JSON.stringify(text)}`, () => {
    assertEquals(read(text), expected);
  });
}

const REFUSED: Record<string, string> = {
  "": "0: expected a column",
  "a": '1: expected "."',
  "a=1": '1: expected "."',
  "a.eq": '4: expected "."',
  "a.equals.1": '2: "equals" is no operator',
  "programs.name.eq.x": '9: "name" is no operator',
  "a.in.1,2": '5: expected "("',
  "and(a.eq.1": '10: expected ")"',
  "a.eq.1)": "6: expected a comma",
  "\na.eq.1": "0: expected a column",
};

for (const [text, expected] of Object.entries(REFUSED)) {
  Deno.test(`or refuses ${JSON.stringify(text)}`, () => {
    assertEquals(read(text), expected);
  });
}

Deno.test("a list in brackets, as the generic filters take it", () => {
  const words = parseList('(a,"b,c", d)');
  assertEquals(
    words instanceof GrammarError ? words : words.map((word) => word.text),
    ["a", "b,c", " d"],
  );
});
