import { assertEquals } from "@std/assert";
import { viewColumns } from "../../../drift/catalog/view_columns.ts";

Deno.test("the target list of the outermost query, and no other", () => {
  const rule = "({QUERY :commandType 1 :rtable ({RANGETBLENTRY :subquery " +
    "{QUERY :targetList ({TARGETENTRY :expr {VAR :varno 1} :resno 1 :resname x " +
    ":resorigtbl 99 :resorigcol 9 :resjunk false})}}) :targetList (" +
    "{TARGETENTRY :expr {VAR :varno 1 :resno 7} :resno 1 :resname id " +
    ":ressortgroupref 0 :resorigtbl 16400 :resorigcol 1 :resjunk false} " +
    "{TARGETENTRY :expr {FUNCEXPR :args ({CONST :constvalue 4 [ 1 2 ]})} :resno 2 " +
    ":resname we\\ ird\\{\\) :ressortgroupref 0 :resorigtbl 0 :resorigcol 0 :resjunk false} " +
    "{TARGETENTRY :expr {VAR :varno 2} :resno 3 :resname name :ressortgroupref 0 " +
    ":resorigtbl 16500 :resorigcol 12 :resjunk false}) :override 0})";
  assertEquals([...viewColumns(rule)], [
    [1, { relation: 16400, column: 1 }],
    [3, { relation: 16500, column: 12 }],
  ]);
});

Deno.test("a rule without a target list shows nothing", () => {
  assertEquals([...viewColumns("<>")], []);
});
