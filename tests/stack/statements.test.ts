import { assertEquals } from "@std/assert";
import { blot, statementsOf } from "../../stack/statements.ts";

Deno.test("a script is split at the ends of statements, not within strings, comments and bodies", () => {
  const statements = [
    "select ';', E'\\';', \"a;b\", 'it''s; one'",
    "-- one; two\ncreate function f() returns int language sql as $$ select 1; $$",
    "create function g(a int) returns int language sql\nbegin atomic\n  select case when a > 1 then 1 end;\n  select 2;\nend",
    "do $body$ begin perform '$$;'; end $body$",
    "/* ; */ select 3",
  ];
  const script = statements.join(";\n\n") + ";\n-- the end;\n";
  assertEquals(statementsOf(script).map(({ text }) => text), statements);
});

Deno.test("a statement knows its line, and its code without the comments before it", () => {
  const [, second] = statementsOf("select 1;\n-- why\n-- more\nselect 2;");
  assertEquals(second, {
    text: "-- why\n-- more\nselect 2",
    code: "select 2",
    line: 4,
  });
});

Deno.test("what is blotted out keeps its place and its lines", () => {
  const sql = "select 'a\nb' -- c\n, $$d$$;";
  assertEquals(blot(sql, "comments"), "select 'a\nb'     \n, $$d$$;");
  assertEquals(blot(sql, "strings"), "select   \n   -- c\n,      ;");
});
