import { assertEquals, assertNotEquals } from "@std/assert";
import * as z from "zod/mini";
import { compareLive } from "../../../drift/live/mod.ts";
import {
  NO_DEFAULT_GRANTS,
  runSql,
  superuserUrl,
} from "../../support/servers.ts";
import { onFreshDatabase, postgresTest } from "../../support/sql.ts";

/** What somebody does by hand in production, and what is to be said of it. */
const BY_HAND: readonly (readonly [string, string])[] = [
  [
    "create table public.drift (id int primary key, next int references public.drift)",
    "extra table public.drift",
  ],
  [
    "drop view public.content_packages_overview",
    "missing view public.content_packages_overview",
  ],
  [
    "alter table public.programs add column drift int default 7",
    "extra column public.programs.drift",
  ],
  [
    "alter table public.programs drop column created_at cascade",
    "missing column public.programs.created_at",
  ],
  [
    "alter table public.programs alter column category drop not null",
    "different column public.programs.category",
  ],
  [
    "alter table public.programs alter column is_active set default false",
    "different column public.programs.is_active",
  ],
  [
    "alter table public.programs alter column description type varchar(500)",
    "different column public.programs.description",
  ],
  [
    "alter table public.programs add constraint drift check (name <> '')",
    "extra key public.programs.drift",
  ],
  [
    "alter table public.programs drop constraint programs_slug_key",
    "missing key public.programs.programs_slug_key",
  ],
  [
    "create index drift_index on public.programs (category)",
    "extra index public.drift_index",
  ],
  [
    "alter table public.programs disable row level security",
    "different table public.programs",
  ],
  [
    "create policy drift on public.programs for select to anon using (true)",
    "extra policy public.programs.drift",
  ],
  [
    "grant truncate on public.programs to authenticated",
    "different grant public.programs to authenticated",
  ],
  [
    "alter table auth.users disable trigger on_auth_user_created",
    "different trigger auth.users.on_auth_user_created",
  ],
  [
    "alter type public.app_role add value 'drift'",
    "different type public.app_role",
  ],
  [
    `create or replace function private.unschedule_job(p_name text) returns void language plpgsql
     set search_path = '' as $$ begin end $$`,
    "different function private.unschedule_job(p_name text)",
  ],
  [
    "create function private.drift() returns int language sql as 'select 1'",
    "extra function private.drift()",
  ],
];

const Differences = z.array(
  z.object({ state: z.string(), kind: z.string(), name: z.string() }),
);

/** The differences, without jobs: one database of a server alone can hold those. */
async function differences(
  live: string,
  db?: string,
  migrations?: string,
  byEffect = false,
): Promise<string[]> {
  const { report } = await compareLive({
    live,
    db,
    ...migrations === undefined ? {} : { migrations },
    format: "json",
    byEffect,
    progress: () => {},
  });
  return Differences.parse(JSON.parse(report))
    .filter(({ kind }) => kind !== "job")
    .map(({ state, kind, name }) => `${state} ${kind} ${name}`);
}

/** Two versions of PostgreSQL print these differently. */
const PRINTED = `
  create view public.drift_printed as select r.id, r.name from public.programs r where r.slug <> '';
  create function public.drift_printed() returns void language sql set search_path = ''
    begin atomic
      update public.programs r set name = r.name where r.id is null;
      delete from public.programs p where p.id is null;
    end`;

postgresTest(
  "what servers of two versions print differently is no difference",
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "drift-live-" });
    try {
      const tables =
        "create table public.programs (id int, name text, slug text);";
      await Deno.writeTextFile(`${folder}/1_all.sql`, tables + PRINTED);
      await onFreshDatabase(
        { migrations: folder, defaultGrants: false },
        async (_, url = "") =>
          assertEquals(await differences(url, undefined, folder), []),
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

postgresTest(
  "a database that the migrations made has no difference, one changed by hand exactly those",
  () =>
    onFreshDatabase({}, async (_, url = "") => {
      assertEquals(await differences(url), []);
      assertEquals(await differences(url, url), []);
      await runSql(
        await superuserUrl(url),
        [NO_DEFAULT_GRANTS, ...BY_HAND.map(([statement]) => statement)]
          .join(";\n"),
      );
      const found = await differences(url);
      assertEquals(
        found.toSorted(),
        BY_HAND.map(([, difference]) => difference).toSorted(),
      );
    }),
);

/** What changes no effect. */
const COSMETIC = `
  alter table public.programs rename constraint programs_slug_key to slug_is_unique;
  alter table public.programs rename constraint programs_pkey to the_key;
  alter index public.idx_profiles_email rename to another_name;
  alter table public.goals alter column priority set default 'medium'::public.goal_priority;
  do $$
  declare
    v_policy record;
    v_trigger record;
  begin
    for v_policy in select tablename, policyname from pg_policies where schemaname = 'public' limit 40 loop
      execute format('alter policy %I on public.%I rename to %I', v_policy.policyname, v_policy.tablename,
        'The ' || v_policy.policyname);
    end loop;
    for v_trigger in select tgname, tgrelid::regclass as on_table from pg_trigger
      where not tgisinternal and tgrelid::regclass::text not like 'auth.%' limit 20 loop
      execute format('alter trigger %I on %s rename to %I', v_trigger.tgname, v_trigger.on_table,
        'the_' || v_trigger.tgname);
    end loop;
  end $$`;

postgresTest(
  "by effect, what is called or spelled otherwise is no difference, and what was changed by hand is the same ones",
  () =>
    onFreshDatabase({}, async (database, url = "") => {
      const byEffect = () => differences(url, undefined, undefined, true);
      await database.transaction((sql) => sql.script(COSMETIC));
      assertNotEquals(await differences(url), []);
      assertEquals(await byEffect(), []);
      await runSql(
        await superuserUrl(url),
        [
          NO_DEFAULT_GRANTS,
          ...BY_HAND.map(([statement]) =>
            statement.replace("programs_slug_key", "slug_is_unique")
          ),
        ].join(";\n"),
      );
      assertEquals(
        (await byEffect()).toSorted(),
        BY_HAND.map(([, difference]) =>
          difference.replace("(p_name text)", "(text)")
        ).toSorted(),
      );
    }),
);
