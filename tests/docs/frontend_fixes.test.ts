import { assert, assertEquals } from "@std/assert";
import type { Catalog } from "../../drift/catalog/catalog.ts";
import { fromTypes } from "../../drift/catalog/from_types.ts";
import type { Judged } from "../../drift/finding.ts";
import { fixAll } from "../../drift/fix_all.ts";
import { judgeCode } from "../../drift/gate.ts";
import { readRenames } from "../../drift/renames.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => Deno.readTextFileSync(new URL(path, root));

/** The database by its generated types, with the renames that the project knows. */
const renames = await readRenames(
  new URL("drift.renames.json", root).pathname,
);
const types = fromTypes(read("supabase/functions/_shared/database.types.ts"));
const catalog: Catalog = { ...types, renames };

/** What the gate says of each page as it is, and what `--fix` leaves of it. */
const PAGES: Readonly<Record<string, { found: string[]; left: string[] }>> = {
  useReadinessDashboard: {
    found: [
      "unknown-column full_name -> name",
      "unknown-table instructor_assignments -> staffed_program_ids",
    ],
    left: ["unknown-table instructor_assignments -> staffed_program_ids"],
  },
  PartnerCodesManagement: {
    found: ["no-relationship user_id", "unknown-column title -> name"],
    left: ["no-relationship user_id"],
  },
  StudentDevelopmentProfile: {
    found: ["no-relationship client_user_id", "unknown-column title -> name"],
    left: ["no-relationship client_user_id"],
  },
  useFeedbackInbox: {
    found: ["unknown-column full_name -> name"],
    left: [],
  },
  useContentPackages: {
    found: ["no-relationship uploaded_by -> content_packages_overview"],
    left: ["no-relationship uploaded_by -> content_packages_overview"],
  },
  CohortWaitlistManager: {
    found: ["no-relationship user_id -> cohort_waitlist_overview"],
    left: ["no-relationship user_id -> cohort_waitlist_overview"],
  },
  // its lines are right; they only tell too little
  CohortWaitlistButton: { found: [], left: [] },
  // its lines are right; they only change less than the page offers
  useGroupSessionMutations: { found: [], left: [] },
  // the names are right, and the rights are gone: tests/access/webapp_calls.test.ts
  useProgramEnrollment: { found: [], left: [] },
  useDiscountCode: { found: [], left: [] },
  ManualCompletionControls: { found: [], left: [] },
  OrgEnrollments: { found: [], left: [] },
  TransferAssignmentDialog: { found: [], left: [] },
  InstructorCoachAssignment: { found: [], left: [] },
  ClientCreditAudit: { found: [], left: [] },
  BulkCreditGrantDialog: { found: [], left: [] },
  Credits: { found: [], left: [] },
  ExplorePrograms: { found: [], left: [] },
  WebhookLogsCleanup: {
    found: ["unknown-argument retention_days"],
    left: ["unknown-argument retention_days"],
  },
  // and the lines of these: row level security says who reads and writes what
  MyCoachesSection: { found: [], left: [] },
  AccountSettings: { found: [], left: [] },
  GuidedPathProgress: { found: [], left: [] },
  DevelopmentItems: { found: [], left: [] },
  ModuleSessionManager: { found: [], left: [] },
  CohortSessionAttendance: { found: [], left: [] },
  InstructorAssignmentScoring: { found: [], left: [] },
  StudentDetail: { found: [], left: [] },
  CapabilitySnapshotForm: { found: [], left: [] },
};

/** The guide's code by page and by what stands over it: `before`, `after --fix`, `after`. */
const guide = new Map(
  read("docs/frontend-fixes.md").split("\n## ").slice(1).map((section) => {
    const [page = ""] = section.split("\n");
    const [, code = ""] = /```ts\n(.*?)```/s.exec(section) ?? [];
    const parts = code.split(/^\/\/ (?=before|after)/m).slice(1)
      .map((part): [string, string] => {
        const [head = "", ...lines] = part.split("\n");
        return [head.replace(/:.*/, ""), lines.join("\n").trim()];
      });
    return [page, new Map(parts)];
  }),
);

function judge(text: string) {
  return judgeCode([{ file: "page.ts", text }], catalog);
}

function fix(text: string) {
  const sources = [{ file: "page.ts", text }];
  const { changed, verdict } = fixAll(
    sources,
    judgeCode(sources, catalog),
    (sources) => judgeCode(sources, catalog),
  );
  return { text: changed[0]?.text ?? text, left: drift(verdict.findings) };
}

function drift(findings: readonly Judged[]): string[] {
  return findings.filter(({ level }) => level === "drift")
    .map(({ rule, name, suggestion }) =>
      `${rule} ${name}${suggestion ? ` -> ${suggestion}` : ""}`
    ).sort();
}

Deno.test("the guide has every page of the audit, before and after", () => {
  assertEquals([...guide.keys()].sort(), Object.keys(PAGES).sort());
  for (const [page, parts] of guide) {
    assert(parts.get("before") && parts.get("after"), page);
  }
});

for (const [page, { found, left }] of Object.entries(PAGES)) {
  const parts = guide.get(page);
  const before = parts?.get("before") ?? "";

  Deno.test(`${page}: the gate finds what is wrong before, and nothing after`, () => {
    const verdict = judge(before);
    assertEquals(drift(verdict.findings), found);
    const after = judge(parts?.get("after") ?? "");
    assertEquals(drift(after.findings), []);
    for (const { chains, unjudged } of [verdict, after]) {
      assert(chains > 0 && unjudged.length === 0);
    }
  });

  Deno.test(`${page}: --fix makes of it what the guide says, once and for all`, () => {
    const fixed = fix(before);
    assertEquals(fixed.text, parts?.get("after --fix") ?? before);
    assertEquals(fixed.left, left);
    assertEquals(fix(fixed.text).text, fixed.text);
  });
}

Deno.test("every rename leads to a name that is there, from one that is not", () => {
  for (const [key, now] of renames) {
    const [of = "", part] = key.split(".");
    if (part === undefined) assert(!isThere(of) && isThere(now), key);
    else assert(isThere(of), key);
    // where `now` is no column, it is what answers in place of an embed
    const names = part === undefined ? [] : namesIn(of);
    assert(names.includes(now) ? !names.includes(part) : isThere(now), key);
  }
});

/** Whether there is a table, view or function of that name. */
function isThere(name: string): boolean {
  const { relations, functions } = types.schemas.get("public") ?? {};
  return (relations?.has(name) || functions?.has(name)) ?? false;
}

/** Columns of a table or view, arguments of a function. */
function namesIn(name: string): (string | undefined)[] {
  const { relations, functions } = types.schemas.get("public") ?? {};
  const overloads = functions?.get(name) ?? [];
  return [
    ...relations?.get(name)?.columns.keys() ?? [],
    ...overloads.flatMap(({ args }) => args.map((arg) => arg.name)),
  ];
}
