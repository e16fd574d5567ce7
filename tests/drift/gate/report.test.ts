import { assertEquals, assertObjectMatch } from "@std/assert";
import type { Judged } from "../../../drift/finding.ts";
import { report } from "../../../drift/report/report.ts";

const FINDING: Judged = {
  file: "src/hooks/useFeedbackInbox.ts",
  line: 50,
  column: 18,
  rule: "unknown-column",
  level: "drift",
  table: "profiles",
  name: "full_name",
  message: 'profiles has no column "full_name"',
  suggestion: "name",
  fix: {
    span: { source: { file: "", text: "" }, start: 0, end: 0 },
    text: "name",
  },
};

Deno.test("text is one line that says where, which rule, what and what was meant", () => {
  assertEquals(
    report("text", [FINDING]),
    'src/hooks/useFeedbackInbox.ts:50:18 unknown-column: profiles has no column "full_name" — did you mean "name"?',
  );
  assertEquals(report("text", []), "");
});

Deno.test("json is an array of the fields that are documented, and of no other", () => {
  const { fix: _, level: __, ...published } = FINDING;
  const { suggestion: ___, ...without } = published;
  assertEquals(
    JSON.parse(
      report("json", [FINDING, { ...FINDING, suggestion: undefined }]),
    ),
    [published, without],
  );
  assertEquals(JSON.parse(report("json", [])), []);
});

Deno.test("github annotates the line, with what its syntax reserves escaped", () => {
  assertEquals(
    report("github", [
      { ...FINDING, file: "a,b:c.ts", message: "50 %\nmore" },
      { ...FINDING, level: "advice", suggestion: undefined },
    ]).split("\n"),
    [
      '::error file=a%2Cb%3Ac.ts,line=50,col=18,title=unknown-column::50 %25%0Amore — did you mean "name"?',
      '::warning file=src/hooks/useFeedbackInbox.ts,line=50,col=18,title=unknown-column::profiles has no column "full_name"',
    ],
  );
});

Deno.test("sarif names each rule once and gives each result its place", () => {
  const log = JSON.parse(
    report("sarif", [FINDING, { ...FINDING, rule: "a-rule", level: "advice" }]),
  );
  assertEquals(log.version, "2.1.0");
  const [run] = log.runs;
  assertEquals(
    run.tool.driver.rules.map(({ id }: { id: string }) => id),
    ["a-rule", "unknown-column"],
  );
  assertObjectMatch(run.results[0], {
    ruleId: "unknown-column",
    ruleIndex: 1,
    level: "error",
    locations: [{
      physicalLocation: {
        artifactLocation: { uri: FINDING.file },
        region: { startLine: 50, startColumn: 18 },
      },
    }],
  });
  assertEquals(run.results[1].level, "note");
});
