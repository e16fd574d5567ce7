import { assertEquals } from "@std/assert";
import {
  checkValues,
  commonValues,
} from "../../../drift/catalog/check_values.ts";

const READ: [string, string[]][] = [
  ["CHECK ((status = ANY (ARRAY['a'::text, 'b'::text])))", ["a", "b"]],
  [
    "CHECK (((status)::text = ANY ((ARRAY['a'::character varying, 'it''s'::character varying])::text[])))",
    ["a", "it's"],
  ],
  ["CHECK ((status = 'a'::text))", ["a"]],
  ["CHECK (((status = 'a'::text) OR (status = 'b'::text)))", ["a", "b"]],
  ["CHECK (((status IS NULL) OR (status = ANY (ARRAY['a'::text]))))", ["a"]],
  ["CHECK ((status = ANY (ARRAY['a, b'::text, '(c)'::text]))) NOT VALID", [
    "a, b",
    "(c)",
  ]],
];

for (const [definition, values] of READ) {
  Deno.test(`values of ${definition}`, () => {
    assertEquals(checkValues(definition), values);
  });
}

const NOT_READ = [
  "CHECK ((price > 0))",
  "CHECK ((length(name) = 3))",
  "CHECK ((status <> ALL (ARRAY['a'::text, 'b'::text])))",
  "CHECK (((status = 'a'::text) AND (ended_at IS NULL)))",
  "CHECK (((status = 'a'::text) OR (price > 0)))",
  "CHECK ((lower(status) = ANY (ARRAY['a'::text])))",
  "CHECK ((status ~ '^a'::text))",
  "CHECK ((kind = 1))",
  "CHECK ((NOT (status = 'a'::text)))",
];

for (const definition of NOT_READ) {
  Deno.test(`no values of ${definition}`, () => {
    assertEquals(checkValues(definition), undefined);
  });
}

Deno.test("of several checks what all allow is left", () => {
  assertEquals(
    commonValues([
      "CHECK ((s = ANY (ARRAY['a'::text, 'b'::text])))",
      "CHECK ((s = ANY (ARRAY['b'::text, 'c'::text])))",
      "CHECK ((length(s) > 0))",
    ]),
    ["b"],
  );
});
