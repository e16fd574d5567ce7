import { assertEquals } from "@std/assert";
import { isForOtherTables } from "../../../drift/sql/table_guards.ts";

const BODY = `
begin
  if tg_table_name = 'pets' then
    new.name := 'x'; -- if this were a branch
  elsif tg_table_name in ('toys', 'balls') and new.id > 1 then
    new.toy := case when new.id = 1 then 'a' else 'b' end;
  else
    new.other := 1;
  end if;
  if tg_relname <> 'pets' then return new; end if;
  new.nick := 1;
  return new;
end`;
const LINES = BODY.split("\n").length;

/** The lines that a table never comes to. */
function others(table: string): number[] {
  return Array.from({ length: LINES }, (_, index) => index + 1)
    .filter((line) => isForOtherTables(BODY, line, table));
}

Deno.test("the lines that are for other tables, by if, elsif, else and return", () => {
  assertEquals(others("pets"), [5, 6, 8]);
  assertEquals(others("toys"), [4, 11]);
  assertEquals(others("owners"), [4, 6, 11]);
});

Deno.test("a body that asks for no table is for all", () => {
  assertEquals(isForOtherTables("begin\nnew.x := 1;\nend", 2, "pets"), false);
});
