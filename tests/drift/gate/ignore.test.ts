import { assertEquals } from "@std/assert";
import { judgeCode } from "../../../drift/gate.ts";
import { text } from "../../../drift/report/text.ts";
import { catalog } from "./catalog.ts";

const WRONG =
  `await supabase.from("profiles").select("birthplace").throwOnError();`;

function drift(code: string): string {
  const { findings } = judgeCode([{ file: "a.ts", text: code }], catalog);
  return text(findings.filter(({ level }) => level === "drift"));
}

Deno.test("a finding is silenced by a comment with its rule and a reason", () => {
  assertEquals(
    drift(WRONG),
    `a.ts:1:41 unknown-column: profiles has no column "birthplace"`,
  );
  assertEquals(drift(`${WRONG} // drift-ignore unknown-column: legacy`), "");
  assertEquals(drift(`// drift-ignore unknown-column: legacy\n${WRONG}`), "");
  assertEquals(
    drift(`// drift-ignore-file unknown-column: legacy\n\n${WRONG}`),
    "",
  );
});

Deno.test("another rule, or another line, is not silenced, and that is said", () => {
  assertEquals(
    drift(`// drift-ignore unknown-table: legacy\n${WRONG}`),
    `a.ts:1:1 drift-ignore: silences nothing: its line has no unknown-table
a.ts:2:41 unknown-column: profiles has no column "birthplace"`,
  );
  assertEquals(
    drift(`one(); // drift-ignore unknown-column: legacy\n${WRONG}`),
    `a.ts:1:8 drift-ignore: silences nothing: its line has no unknown-column
a.ts:2:41 unknown-column: profiles has no column "birthplace"`,
  );
});

Deno.test("a comment without a reason, without a rule or with none there is is a finding", () => {
  assertEquals(
    drift(`// drift-ignore unknown-column\n${WRONG}`),
    "a.ts:1:1 drift-ignore: gives no reason: drift-ignore unknown-column: <reason>",
  );
  assertEquals(
    drift("// drift-ignore\n// drift-ignore unknown-colum: x"),
    `a.ts:1:1 drift-ignore: names no rule: drift-ignore <rule>: <reason>
a.ts:2:1 drift-ignore: there is no rule "unknown-colum"`,
  );
});
