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

/** What people do with each other, and what they teach with: no right, price or setting. */
const UNAUDITED = [
  "assessment_definitions",
  "assessment_dimensions",
  "capability_assessments",
  "capability_domains",
  "capability_snapshots",
  "cohort_session_attendance",
  "cohort_sessions",
  "cohort_waitlist",
  "content_packages",
  "credit_consumption_log",
  "feedback_template_types",
  "group_session_participants",
  "group_sessions",
  "guided_path_milestone_gates",
  "guided_path_survey_responses",
  "guided_path_template_goals",
  "guided_path_template_milestones",
  "guided_path_templates",
  "module_assignment_types",
  "module_progress",
  "module_session_participants",
  "module_sessions",
  "module_types",
  "notifications",
  "paragraph_evaluations",
  "program_versions",
  "resource_library",
  "scenario_assignments",
  "scenario_templates",
  "section_paragraphs",
  "session_participants",
  "sessions",
  "user_notification_preferences",
  "wheel_categories",
];

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
  {
    name: "a link that users or admins write runs no script",
    query: `select format('%s.%s', c.relname, a.attname) as found
      from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and ${TABLE}
        and a.attname ~ '(url|website|_link)$' and a.atttypid = 'text'::regtype
        and has_column_privilege('authenticated', c.oid, a.attname, 'INSERT, UPDATE')
        and not exists (
          select from pg_constraint k
          where k.conrelid = c.oid and a.attnum = any (k.conkey)
            and pg_get_constraintdef(k.oid) like '%are_web_links%'
        )
        and not exists (
          select from pg_trigger t
          where t.tgrelid = c.oid and t.tgfoid = 'private.guard_meeting_links()'::regprocedure
            and pg_get_triggerdef(t.oid) like '%' || a.attname || '%'
        )
      order by 1`,
    breach:
      `alter table public.organizations drop constraint organizations_links_check;
      drop trigger guard_links on public.module_sessions`,
    finds: ["module_sessions.meeting_url", "organizations.website"],
  },
  {
    name:
      "who writes what admins write leaves a line, but for what people do with each other and what they teach with",
    query: `select distinct p.tablename as found from pg_policies p
      where p.schemaname = 'public' and p.cmd <> 'SELECT'
        and concat(p.qual, p.with_check) ~ 'is_admin'
        and p.tablename <> all (array['${UNAUDITED.join("', '")}'])
        and not exists (
          select from pg_trigger t
          where t.tgrelid = format('public.%I', p.tablename)::regclass
            and t.tgfoid = 'private.audit_writes()'::regprocedure
        )
      order by 1`,
    breach: `drop trigger audit_writes on public.user_roles;
      create table public.rights (id integer primary key);
      create policy "all" on public.rights for all to authenticated using ((select private.is_admin()))`,
    finds: ["rights", "user_roles"],
  },
  {
    name: "no function that users call takes the time from them",
    query: `select p.oid::regprocedure::text as found from ${OWN_FUNCTIONS}
        and p.pronamespace = 'public'::regnamespace and 'p_now' = any (p.proargnames)
        and (has_function_privilege('authenticated', p.oid, 'EXECUTE')
          or has_function_privilege('anon', p.oid, 'EXECUTE'))
      order by 1`,
    breach:
      "grant execute on function public.run_credit_maintenance to authenticated",
    finds: ["run_credit_maintenance(text[],timestamp with time zone,text)"],
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
