import { assertEquals } from "@std/assert";
import { scanFile } from "../../../drift/code/scan.ts";

function ignoresIn(text: string) {
  return scanFile("a.tsx", text).ignores.map(({ rule, reason, line }) => ({
    rule,
    reason,
    line,
  }));
}

Deno.test("a comment silences its own line, or the next with code when it stands alone", () => {
  assertEquals(
    ignoresIn(`one(); // drift-ignore unknown-column: made by hand
// drift-ignore unknown-table: another database

// more on that
two();
/* drift-ignore not-granted: refused, which is what is tested */ three();
`),
    [
      { rule: "unknown-column", reason: "made by hand", line: 1 },
      { rule: "unknown-table", reason: "another database", line: 5 },
      {
        rule: "not-granted",
        reason: "refused, which is what is tested",
        line: 6,
      },
    ],
  );
});

Deno.test("a comment in JSX and one for the whole file are understood", () => {
  assertEquals(
    ignoresIn(`// drift-ignore-file unknown-table: speaks to another database
const a = <p>
  {/* drift-ignore unknown-column: legacy */}
  {row.name}
</p>;
`),
    [
      {
        rule: "unknown-table",
        reason: "speaks to another database",
        line: null,
      },
      { rule: "unknown-column", reason: "legacy", line: 4 },
    ],
  );
});

Deno.test("the words in a string are no comment", () => {
  assertEquals(
    ignoresIn(
      'const a = "// drift-ignore x: y", b = `\n// drift-ignore x: y`;',
    ),
    [],
  );
});
