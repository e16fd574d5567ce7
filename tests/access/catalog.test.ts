import { assertEquals } from "@std/assert";
import { sqlTest } from "../support/sql.ts";

/** A rule for the whole schema, as a query for what breaks it. */
interface Rule {
  name: string;
  /** Finds whatever breaks the rule, in a column `found`. */
  query: string;
  /** Breaks the rule, to see that the query would notice. */
  breach: string;
  /** What the query then finds. */
  finds: string[];
}

const RELATION = "c.relkind in ('r', 'p', 'v', 'm', 'f')";
const TABLE = "c.relkind in ('r', 'p')";

/** A privilege on the table or on any of its columns, also by a grant to public. */
const heldOn = (role: string, operation: string) =>
  `case when ${operation} in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
    then has_any_column_privilege(${role}, c.oid, ${operation})
    else has_table_privilege(${role}, c.oid, ${operation}) end`;

const OPERATIONS =
  `(values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'),
  ('TRIGGER')) as operation (name)`;

/** Functions of this project: an extension's are not. */
const OWN_FUNCTIONS = `pg_proc p
  join pg_namespace n on n.oid = p.pronamespace and n.nspname in ('public', 'private')
  join pg_language l on l.oid = p.prolang and l.lanname not in ('c', 'internal')
  where not exists (
    select from pg_depend d
    where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
  )`;

const RULES: Rule[] = [
  {
    name: "every table in public and private has row-level security",
    query: `select c.oid::regclass::text as found from pg_class c
      where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
        and ${TABLE} and not c.relrowsecurity`,
    breach: "create table public.open_table ()",
    finds: ["open_table"],
  },
  {
    name: "anon reads program_entitlements and holds nothing else in public",
    query: `select format('%s %s', operation.name, c.relname) as found
      from pg_class c cross join ${OPERATIONS}
      where c.relnamespace = 'public'::regnamespace and ${RELATION}
        and (operation.name, c.relname) <> ('SELECT', 'program_entitlements')
        and ${heldOn("'anon'", "operation.name")}
      union all
      select format('%s %s', operation.name, c.relname)
      from pg_class c cross join (values ('USAGE'), ('SELECT'), ('UPDATE')) as operation (name)
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'S'
        and has_sequence_privilege('anon', c.oid, operation.name)
      order by 1`,
    breach: `grant select (id) on public.profiles to anon;
      grant truncate on public.plans to public;
      create sequence public.open_sequence;
      revoke all on sequence public.open_sequence from anon;
      grant usage on sequence public.open_sequence to anon`,
    finds: ["SELECT profiles", "TRUNCATE plans", "USAGE open_sequence"],
  },
  {
    name: "anon can read program_entitlements",
    query: `select 'unreadable' as found
      where not has_table_privilege('anon', 'public.program_entitlements', 'SELECT')`,
    breach: "revoke select on public.program_entitlements from anon",
    finds: ["unreadable"],
  },
  {
    name:
      "authenticated holds no privilege in public without a policy for that operation",
    query: `select format('%s %s', operation.name, c.relname) as found
      from pg_class c cross join ${OPERATIONS}
      where c.relnamespace = 'public'::regnamespace and ${TABLE}
        and ${heldOn("'authenticated'", "operation.name")}
        and not exists (
          select from pg_policies policy
          where policy.schemaname = 'public' and policy.tablename = c.relname
            and policy.cmd in (operation.name, 'ALL')
            and policy.roles && array['authenticated', 'public']::name[]
        )
      order by 1`,
    breach: `drop policy "delete" on public.user_roles;
      drop policy "update" on public.profiles;
      grant trigger on public.plans to authenticated`,
    finds: ["DELETE user_roles", "TRIGGER plans", "UPDATE profiles"],
  },
  {
    name: "anon and authenticated hold nothing on the tables of schema private",
    query: `select format('%s %s %s', role, operation.name, c.relname) as found
      from pg_class c cross join ${OPERATIONS}
      cross join unnest(array['anon', 'authenticated']) as role
      where c.relnamespace = 'private'::regnamespace and ${RELATION}
        and ${heldOn("role", "operation.name")}
      union all
      select format('%s %s %s', role, operation.name, c.relname)
      from pg_class c cross join (values ('USAGE'), ('SELECT'), ('UPDATE')) as operation (name)
      cross join unnest(array['anon', 'authenticated']) as role
      where c.relnamespace = 'private'::regnamespace and c.relkind = 'S'
        and has_sequence_privilege(role, c.oid, operation.name)
      order by 1`,
    breach:
      `grant select (message) on private.trigger_failures to authenticated;
      grant usage on sequence private.trigger_failures_id_seq to anon`,
    finds: [
      "anon USAGE trigger_failures_id_seq",
      "authenticated SELECT trigger_failures",
    ],
  },
  {
    name: "every function has a search path of its own",
    query: `select p.oid::regprocedure::text as found from ${OWN_FUNCTIONS}
        and not exists (
          select from unnest(p.proconfig) as setting where setting like 'search\\_path=%'
        )`,
    breach: `create function public.pathless() returns integer language sql
      set lock_timeout = '1s' as 'select 1'`,
    finds: ["pathless()"],
  },
  {
    name:
      "no security definer function in public can be called by anon or authenticated",
    query: `select format('%s %s', role, p.oid::regprocedure) as found
      from pg_proc p cross join unnest(array['anon', 'authenticated']) as role
      where p.pronamespace = 'public'::regnamespace and p.prosecdef
        and has_function_privilege(role, p.oid, 'EXECUTE')
      order by 1`,
    breach:
      `create function public.definer() returns integer language sql security definer
      set search_path = '' as 'select 1';
      revoke execute on function public.definer() from anon, authenticated`, // and not from public
    finds: ["anon definer()", "authenticated definer()"],
  },
  {
    name: "every view runs with the rights of the caller",
    query: `select c.oid::regclass::text as found from pg_class c
      where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind = 'v'
        and not coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on'], false)`,
    breach: `create view public.open_view as select 1 as one;
      create view public.own_view with (security_invoker = true) as select 1 as one`,
    finds: ["open_view"],
  },
  {
    name: "every table, view and function says what it is for",
    query: `select c.oid::regclass::text as found from pg_class c
      where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and ${RELATION}
        and coalesce(obj_description(c.oid, 'pg_class'), '') = ''
      union all
      select p.oid::regprocedure::text from ${OWN_FUNCTIONS}
        and coalesce(obj_description(p.oid, 'pg_proc'), '') = ''
      order by 1`,
    breach: `comment on table public.plans is null;
      comment on function private.guard_columns() is null`,
    finds: ["plans", "private.guard_columns()"],
  },
];

for (const { name, query, breach, finds } of RULES) {
  sqlTest(name, async (sql) => {
    const found = async () =>
      (await sql.query(query)).map(({ found }) => String(found));
    assertEquals(await found(), []);
    await sql.script(breach);
    assertEquals(await found(), finds);
  });
}
