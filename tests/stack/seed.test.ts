import { assertEquals } from "@std/assert";
import { applySeed } from "../../stack/seed.ts";
import { onFreshDatabase, savepoints, undoneOn } from "../support/sql.ts";
import { scratchProject } from "./scratch.ts";

const OWN = "99999999-0000-4000-8000-000000000001";
const DEMO = "00000000-0000-4000-8000-000000000001";
const SEED = `insert into auth.users (id, email)
  values ('${DEMO}', 'demo@example.com') on conflict do nothing;`;

/** Who is in a database before the seed and after it, and what is said. */
const CASES = [
  [[], [DEMO], "seed"],
  [[DEMO], [DEMO], "seed"],
  [[OWN], [OWN], "no seed: the database has people of its own"],
  [[DEMO, OWN], [DEMO, OWN], "no seed: the database has people of its own"],
] as const;

Deno.test("demo people are seeded where there are none or only they, and never among others", async () => {
  await using project = await scratchProject({ "seed.sql": SEED });
  const { folder } = project;
  await onFreshDatabase({ migrations: `${folder}/none` }, async (database) => {
    for (const [before, after, said] of CASES) {
      await undoneOn(database, async (sql) => {
        for (const id of before) {
          await sql.query("insert into auth.users (id) values ($1)", [id]);
        }
        const lines: string[] = [];
        const say = (line: string) => void lines.push(line);
        await applySeed(savepoints(sql), `${folder}/seed.sql`, say);
        const people = await sql.query("select id from auth.users order by id");
        assertEquals(people.map(({ id }) => id), [...after]);
        assertEquals(lines, [said]);
      });
    }
  });
});
