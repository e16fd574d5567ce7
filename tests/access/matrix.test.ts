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
  "a new table, a looser policy and a broken one show in the matrix",
  async (sql) => {
    const concerned = ({ name }: { name: string }) =>
      /^(fresh|goals|user_tracks|user_roles)$/.test(name);
    await sql.script(`
    create table public.fresh (id uuid primary key, user_id uuid not null references auth.users (id), price integer);
    alter table public.fresh enable row level security;
    grant select, update (price) on public.fresh to authenticated;
    create policy "read" on public.fresh for select to authenticated using (true);
    create policy "write" on public.fresh for update to authenticated using (user_id = auth.uid());
    create policy "open" on public.goals for delete to authenticated using (true);
    create policy "open too" on public.goals for select to authenticated using (true);
    create policy "broken" on public.user_tracks for select to authenticated
      using (exists (select from auth.users u where u.id = user_id));`);
    const { tables, columns } = await explore(sql, concerned);
    const squeezed = tables.map((line) => line.replaceAll(/ +/g, " "));
    assertEquals(squeezed, [
      "fresh ---- S-u- S-.- S-.- S-.- S-.- S-.- S-.- ----",
      "goals ---- SIuD S..D S..D S..D S..D S..D S..D SIUD",
      "user_roles ---- S... .... .... .... .... .... SIUD SIUD",
      "user_tracks ---- !I!! !.!! !.!! !.!! !.!! !.!! !I!! SIUD ! 42501 permission denied for table users",
    ]);
    assertEquals(columns.map((line) => line.replaceAll(/ +/g, " ")), [
      "fresh owner only price",
      "goals owner not user_id",
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
