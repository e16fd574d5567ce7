import { assert } from "@std/assert";
import fc from "fast-check";
import { GrammarError } from "../../../drift/postgrest/cursor.ts";
import { parseList, parseLogic } from "../../../drift/postgrest/logic.ts";
import { parseOrder } from "../../../drift/postgrest/order.ts";
import {
  parseColumns,
  parseEmbedPath,
  parsePath,
} from "../../../drift/postgrest/path.ts";
import { parseSelect } from "../../../drift/postgrest/select.ts";

const PARSERS = {
  parseColumns,
  parseEmbedPath,
  parseList,
  parseLogic,
  parseOrder,
  parsePath,
  parseSelect,
};

const PIECES = fc.array(
  fc.constantFrom(
    ...[
      "a",
      "id",
      "é",
      "😀",
      " ",
      "\n",
      ",",
      ".",
      ":",
      "::",
      "->",
      "->>",
      "!",
      "!inner",
    ],
    ...[
      "(",
      ")",
      "...",
      "*",
      '"',
      "\\",
      "{",
      "}",
      "and(",
      "not.",
      "or",
      ".eq.",
      ".in.(",
    ],
    ...["count()", ".sum()", ".desc", "-", "\uFFFC"],
  ),
  { maxLength: 20 },
).map((pieces) => pieces.join(""));

for (const [name, parse] of Object.entries(PARSERS)) {
  Deno.test(`${name} reads any text or says where it stops, and every place is in it`, () => {
    fc.assert(
      fc.property(fc.oneof(PIECES, fc.string({ unit: "binary" })), (text) => {
        const result = parse(text);
        if (result instanceof GrammarError) {
          assert(result.index >= 0 && result.index <= text.length);
        } else assert(placesIn(result, text.length));
      }),
      { numRuns: 2_000 },
    );
  });
}

/** Whether every `start` and `end` within lies in the text, in order. */
function placesIn(value: unknown, length: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  const start: unknown = Reflect.get(value, "start");
  const end: unknown = Reflect.get(value, "end");
  const isPlace = typeof start !== "number" || typeof end !== "number" ||
    (start >= 0 && start <= end && end <= length);
  return isPlace && Object.values(value).every((it) => placesIn(it, length));
}
