import { assertEquals } from "@std/assert";
import { sqlTest } from "../support/sql.ts";
import { differences, linesOf, readExpected } from "./matrix/expected.ts";
import { functionLines } from "./matrix/functions.ts";
import { explore } from "./matrix/world.ts";

/** Fails with what is to be done about it. */
async function assertAsExpected(file: string, lines: string[]): Promise<void> {
  const expected = await readExpected(file);
  const problems = differences(
    `tests/access/matrix/${file}`,
    expected,
    linesOf(lines),
  );
  if (problems.length > 0) throw new Error(`\n${problems.join("\n\n")}`);
}

sqlTest(
  "everybody may do with each table what tables.txt and columns.txt say",
  async (sql) => {
    const { tables, columns } = await explore(sql);
    await assertAsExpected("tables.txt", tables);
    await assertAsExpected("columns.txt", columns);
  },
);

sqlTest(
  "everybody may call each function that functions.txt says",
  async (sql) => {
    await assertAsExpected("functions.txt", await functionLines(sql));
  },
);

sqlTest(
  "a new table shows in the matrix, with what is loose or broken about it",
  async (sql) => {
    const tables = ["fresh_broken", "fresh_loose", "fresh_sound"];
    for (const table of tables) {
      await sql.script(`
      create table public.${table} (id uuid primary key, user_id uuid not null, price integer);
      alter table public.${table} enable row level security;
      revoke all on public.${table} from anon, authenticated, service_role;
      grant select, update (price), delete on public.${table} to authenticated;
      create policy "read" on public.${table} for select to authenticated using (user_id = auth.uid());
      create policy "write" on public.${table} for update to authenticated using (user_id = auth.uid());`);
    }
    await sql.script(`
    create policy "all" on public.fresh_loose for all to authenticated using (true);
    create policy "who" on public.fresh_broken for select to authenticated
      using (exists (select from auth.users u where u.id = user_id));`);
    const found = await explore(sql, ({ name }) => tables.includes(name));
    const lines = [...found.tables, ...found.columns];
    assertEquals(lines.map((line) => line.replaceAll(/ +/g, " ")), [
      "fresh_broken ---- !-!! !-!! !-!! !-!! !-!! !-!! !-!! ---- ! 42501 permission denied for table users",
      "fresh_loose ---- S-uD S-uD S-uD S-uD S-uD S-uD S-uD ----",
      "fresh_sound ---- S-u. .-.. .-.. .-.. .-.. .-.. .-.. ----",
      ...[
        "owner",
        "other",
        "coach",
        "org_admin",
        "org_member",
        "staff",
        "admin",
      ]
        .map((who) => `fresh_loose ${who} not user_id`),
      "fresh_sound owner not user_id",
    ]);
  },
);

Deno.test("what the matrix does not say is told with the line to add, to take out or to change", () => {
  const expected = linesOf(["goals  SI", "old  S", "plans  S"]);
  const found = linesOf(["goals  S", "plans  S", "fresh  S"]);
  assertEquals(differences("file", expected, found), [
    "not in file; review, and add:\nfresh  S",
    "file says:\ngoals  SI\nthe database does:\ngoals  S",
    "gone, to be taken out of file:\nold  S",
  ]);
});
