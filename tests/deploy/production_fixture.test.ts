import { assert, assertEquals } from "@std/assert";
import { loadProduction } from "../support/production.ts";
import { api } from "../support/stack.ts";
import { onFreshDatabase, value } from "../support/sql.ts";

const NONE = new URL("../fixtures/none", import.meta.url).pathname;

// the later state is the former and more
for (
  const state of api.dbUrl ? ["before", "later"] as const : ["later"] as const
) {
  Deno.test(`production as the fixture has it loads on an empty project: ${state}`, () =>
    onFreshDatabase(
      { migrations: NONE },
      (database) =>
        database.transaction(async (sql) => {
          await loadProduction(sql, state);
          const count = (what: string) =>
            value(sql, `select count(*)::int ${what}`);
          const tables = await count(
            "from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
          );
          const policies = await count(
            "from pg_policies where schemaname = 'public'",
          );
          assert(
            Number(tables) > 260 && Number(policies) > 500,
            `${tables}, ${policies}`,
          );
          // what Supabase once granted to everybody
          assertEquals(
            await value(
              sql,
              `select has_table_privilege('anon', 'public.goals', 'delete')
               and has_function_privilege('anon', 'public.get_group_member_directory(uuid)', 'execute')`,
            ),
            true,
          );
          assertEquals(
            await count(
              "from supabase_migrations.schema_migrations where version >= '20260324'",
            ),
            state === "later" ? 15 : 0,
          );
        }),
    ));
}
