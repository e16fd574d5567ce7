import { assertEquals } from "@std/assert";
import { refuses } from "../../../drift/rules/types.ts";
import type { Literal } from "../../../drift/touch/literal.ts";
import { type Session, sqlTest } from "../../support/sql.ts";

const SPAN = { source: { file: "", text: "" }, start: 0, end: 0 };

const TYPES = [
  "smallint",
  "integer",
  "bigint",
  "numeric",
  "real",
  "double precision",
  "boolean",
  "uuid",
  "date",
  "timestamp without time zone",
  "timestamp with time zone",
  "time without time zone",
  "text",
  "character varying",
  "text[]",
  "integer[]",
  "jsonb",
];

const TEXTS = [
  ...[
    "",
    " ",
    "x",
    "null",
    "soon",
    "true",
    "FALSE",
    "t",
    "yes",
    "on",
    "of",
    "o",
    "2",
  ],
  ...[
    "0",
    "1",
    "-1",
    "+7",
    " 7 ",
    "007",
    "1.5",
    ".5",
    "5.",
    "1e3",
    "0x1F",
    "1_000",
    "NaN",
  ],
  ...[
    "Infinity",
    "-inf",
    "32767",
    "32768",
    "-32768",
    "2147483648",
    "9223372036854775808",
  ],
  ...[
    "2026-01-31",
    "20260131",
    "260131",
    "2026-01-31T10:00:00Z",
    "10:00",
    "Jan 31 2026",
  ],
  ...[
    "now",
    "today",
    "epoch",
    "-infinity",
    "allballs",
    "1767225600",
    "1767225600123",
  ],
  ...[
    "00000000-0000-4000-8000-000000000001",
    "{00000000000040008000000000000001}",
  ],
  ...[
    "0000000000004000800000000000000",
    "{}",
    "{a,b}",
    "{1,2}",
    "[1:2]={1,2}",
    "a,b",
    "[]",
  ],
];

/** Read since PostgreSQL 16. */
const NEWER = new Set(["0x1F", "1_000"]);

sqlTest("what the rules refuse for a type, Postgres refuses", async (sql) => {
  const reads = await readable(sql);
  const wrong: string[] = [];
  const missed: string[] = [];
  for (const type of TYPES) {
    for (const text of TEXTS) {
      const kinds = /^-?\d+(\.\d+)?$/.test(text) ? KINDS : KINDS.slice(0, 1);
      for (const kind of kinds) {
        const refused = refuses(type, { kind, text, span: SPAN });
        const pair = `${type} ${kind} '${text}'`;
        if (reads.has(`${type} ${text}`)) {
          if (refused) wrong.push(pair);
        } else if (!refused && !NEWER.has(text)) missed.push(pair);
      }
    }
  }
  assertEquals(wrong, []);
  // what only the calendar, the range or the elements of a list make wrong
  assertEquals(
    missed.filter((it) =>
      !/^(date|time|jsonb|bigint|real|double|\w+\[\])/.test(it)
    ),
    [],
  );
});

Deno.test("a list or an object is no number, but JSON and a text take them", () => {
  const list: Literal = { kind: "array", items: [], span: SPAN };
  const object: Literal = { kind: "object", span: SPAN };
  assertEquals(
    ["integer", "uuid", "text", "jsonb", "text[]"].map((type) => [
      refuses(type, list),
      refuses(type, object),
    ]),
    [[true, true], [true, true], [false, false], [false, false], [false, true]],
  );
});

Deno.test("of a type that is not known nothing is refused", () => {
  assertEquals(
    refuses(undefined, { kind: "string", text: "x", span: SPAN }),
    false,
  );
  assertEquals(
    refuses("public.geometry", { kind: "string", text: "x", span: SPAN }),
    false,
  );
});

const KINDS = ["string", "number"] as const;

/** The pairs of type and text that Postgres reads. */
async function readable(sql: Session): Promise<Set<string>> {
  await sql.script(
    `create function pg_temp.reads(type text, value text) returns boolean
    language plpgsql as $$
    begin
      execute format('select %L::%s', value, type);
      return true;
    exception when others then
      return false;
    end $$`,
  );
  const rows = await sql.query(
    `select t.name || ' ' || v.text as pair
     from jsonb_array_elements_text($1::text::jsonb) t (name),
       jsonb_array_elements_text($2::text::jsonb) v (text)
     where pg_temp.reads(t.name, v.text)`,
    [JSON.stringify(TYPES), JSON.stringify(TEXTS)],
  );
  return new Set(rows.map((row) => String(row.pair)));
}
