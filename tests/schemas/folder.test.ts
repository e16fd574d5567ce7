import { assert, assertEquals } from "@std/assert";
import { SUPABASE_DIR } from "../../stack/paths.ts";
import { readSchemas } from "../../stack/schemas.ts";
import { compareSchemas } from "../../tasks/schema/compare.ts";
import { inventoryOf } from "../../tasks/schema/inventories.ts";
import { differenceText } from "../../tasks/schema/print.ts";
import { longFiles, problemsOf, SHORT } from "./folder.ts";
import { sample } from "./sample.ts";

const options = { supabase: SUPABASE_DIR, progress: () => {} };

/** Longer than the others, each of which can only be read together. */
const LONG = [
  "schemas/10_people/profiles.sql", // the table, with the triggers of all that keeps it
  "schemas/30_enrollments/enroll_with_credits.sql", // the whole of an enrollment, in one transaction
  "schemas/35_sessions/module_sessions.sql", // the table, and the two triggers that keep it
  "schemas/45_credits/refund_credits.sql", // one function, and what it answers
  "schemas/60_calcom/find_calcom_target.sql", // one function, and what it alone calls
  "schemas/65_calendar/calendar_events.sql", // who sees which session: one query over all kinds
  "schemas/65_calendar/calendar_feed.sql", // one function, with the type that it answers
  "schemas/reference_data.sql", // rows
];

Deno.test("each object of the database stands once in the schemas, in the file that its name says", async () => {
  const files = await readSchemas(SUPABASE_DIR) ?? [];
  const inventory = await inventoryOf("schemas", options);
  assert(inventory.length > 1_000);
  assertEquals(problemsOf(files, inventory), []);
});

Deno.test(`a file of the schemas has ${SHORT} lines at the most, but for a few`, async () => {
  assertEquals(longFiles(await readSchemas(SUPABASE_DIR) ?? []), LONG);
});

Deno.test("the schemas and the migrations make the same database", async () => {
  const { differences, open } = await compareSchemas(options);
  assertEquals([...differences.map(differenceText), ...open], []);
});

for (
  const [what, path, text, problem] of [
    [
      "a public function in a file of another name",
      "schemas/10_things/others.sql",
      "create function public.misplaced() returns void language sql begin atomic end;",
      "function public.misplaced() is not in a file misplaced.sql",
    ],
    [
      "a policy that is made by format()",
      "schemas/10_things/others.sql",
      `do $$ begin
  execute format('create policy %I on public.things using (true)', 'hidden');
end $$;`,
      "policy public.things.hidden has no statement of its own",
    ],
    [
      "a function that is moved",
      "schemas/10_things/moved.sql",
      `create function private.moved() returns void language sql begin atomic end;
alter function private.moved() set schema public;`,
      "schemas/10_things/moved.sql moves an object to another schema",
    ],
    [
      "a function that is made twice",
      "schemas/10_things/zz_again.sql",
      `create or replace function private.keep_name()
returns trigger language plpgsql set search_path = '' as $$ begin return new; end $$;`,
      "function private.keep_name is made in schemas/00_platform/keep_name.sql and schemas/10_things/zz_again.sql",
    ],
    [
      "a table that may be there already",
      "schemas/10_things/places.sql",
      "create table if not exists public.places (id integer);",
      "schemas/10_things/places.sql says if not exists, in a file for an empty database",
    ],
    [
      "a file that is too long",
      "schemas/10_things/zz_long.sql",
      "--\n".repeat(301),
      "schemas/10_things/zz_long.sql has more than 300 lines",
    ],
  ] as const
) {
  Deno.test(`${what} is found`, async () => {
    await using project = await sample();
    await project.write(path, text);
    const { folder: supabase } = project;
    const found = problemsOf(
      await readSchemas(supabase) ?? [],
      await inventoryOf("schemas", { ...options, supabase }),
    );
    assert(found.includes(problem), found.join("\n"));
  });
}
