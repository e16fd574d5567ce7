import { assertEquals } from "@std/assert";
import { applyMigrations, readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR, SUPABASE_DIR } from "../../stack/paths.ts";
import { loadProduction } from "../support/production.ts";
import {
  onFreshDatabase,
  savepoints,
  type Session,
  value,
} from "../support/sql.ts";

/** Where the baseline ends, which production has already. */
const FIRST_OF_OURS = "20260324";

const ON_PRODUCTION =
  "the migrations run on production, on top of its own functions, triggers and people";
const STATES = {
  before: "before the audit",
  later: "left by the application's own later migrations",
};

/** Functions of production's that pages before sign-in call, and that run with their owner's rights. */
const VISITORS = ["get_signup_enabled()"];

/** Names without end; an invitation to the role of admin, by somebody who is none; the history as deployed. */
const MORE_ROWS = `
  update public.programs set name = repeat('x', 1000);
  update public.program_modules set title = repeat('x', 1000);
  update public.plans set name = repeat('x', 1000) where key = 'pro';
  insert into public.organization_invites (organization_id, email, role, invited_by, expires_at)
  values ('00000000-0000-4000-a000-000000000001', 'friend@example.com', 'org_admin',
    '00000000-0000-4000-8000-000000000003', '2999-01-01');
  delete from supabase_migrations.schema_migrations`;

Deno.test("every migration can be run a second time", async () => {
  const migrations = await readMigrations(MIGRATIONS_DIR);
  await onFreshDatabase({ from: "migrations" }, async (database) => {
    const before = await database.transaction(schema);
    for (const migration of migrations) {
      await database.transaction((sql) => sql.script(migration.sql));
    }
    assertEquals(await database.transaction(schema), before);
  });
});

for (const state of ["before", "later"] as const) {
  Deno.test(`${ON_PRODUCTION}, as it was ${STATES[state]}`, async () => {
    const migrations = await readMigrations(MIGRATIONS_DIR);
    const none = await Deno.makeTempDir();
    await onFreshDatabase({ migrations: none }, async (database) => {
      await database.transaction((sql) => loadProduction(sql, state));
      await database.transaction((sql) => sql.script(MORE_ROWS));
      const tokenOf = (name: string) =>
        database.transaction((sql) =>
          value(
            sql,
            `update public.profiles set calendar_sync_enabled = true
             where name = $1 returning calendar_token`,
            [name],
          )
        );
      const [own, shared] = [await tokenOf("Own"), await tokenOf("Active")];
      await database.transaction((sql) =>
        applyMigrations(
          savepoints(sql),
          migrations.filter(({ version }) => version >= FIRST_OF_OURS),
          () => {},
        )
      );

      await database.transaction(async (sql) => {
        assertEquals(
          (await sql.query(
            `select name, username, email, is_disabled from public.profiles
             where id::text like '00000000-0000-4000-8000-%' order by id`,
          )).map((row) => Object.values(row)),
          [
            ["Active", "active@example.com", "active@example.com", false],
            ["Banned", "banned@example.com", "banned@example.com", true],
            ["Lapsed", "lapsed@example.com", "lapsed@example.com", false],
            // left behind by a change of address: the username is no longer the address
            ["Moved", "old@example.com", "moved@example.com", false],
            ["Own", "own_name", "own@example.com", false],
            ["Twice", "twice@example.com", "twice@example.com", false],
            // whose address differs by case alone from an older user's
            ["Twice", "Twice@example.com", null, false],
          ],
        );
        await sql.query("select public.record_operations_audits()");
        assertEquals(
          await sql.query(
            `select status, number::int from public.operations_health where check_name = 'addresses'`,
          ),
          [{ status: "amber", number: 1 }],
        );

        // A calendar link that was handed out goes on working, and no profile shows it any more; one that
        // two people have opens nobody's.
        const opens = (token: unknown) =>
          value(
            sql,
            "select (public.calendar_feed(p_token => $1)).outcome = 'ok'",
            [token],
          );
        assertEquals(await opens(own), true);
        assertEquals(await opens(shared), false);
        assertEquals(
          await value(
            sql,
            "select count(*)::int from public.profiles where calendar_token in ($1, $2)",
            [own, shared],
          ),
          0,
        );

        // What was too long is cut, and kept as it was.
        assertEquals(
          await sql.query(
            `select char_length(p.name) as cut, char_length(r.content ->> 'name') as kept
             from public.programs p join private.rows_before_repair r on r.content ->> 'id' = p.id::text
             union all
             select char_length(m.title), char_length(r.content ->> 'title')
             from public.program_modules m join private.rows_before_repair r on r.content ->> 'id' = m.id::text
             union all
             select char_length(p.name), char_length(r.content ->> 'name')
             from public.plans p join private.rows_before_repair r on r.content ->> 'id' = p.id::text`,
          ),
          [
            { cut: 200, kept: 1000 },
            { cut: 300, kept: 1000 },
            { cut: 200, kept: 1000 },
          ],
        );

        // A mail that has waited for months is not sent now.
        assertEquals(
          await sql.query("select status from public.email_queue"),
          [{ status: "expired" }],
        );

        // One trigger each: two of a kind would tell and mail everybody twice.
        await sql.script(`
          insert into public.programs (id, slug, name, category)
          values ('00000000-0000-4000-9000-000000000001', 'p', 'P', 'cta');
          insert into public.client_enrollments (client_user_id, program_id)
          values ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-9000-000000000001');
        `);
        assertEquals(
          await value(
            sql,
            "select count(*)::int from public.email_queue where status = 'pending'",
          ),
          1,
        );
        assertEquals(await doubled(sql), []);

        // Production's own policies, on tables that are not ours, still hold on to the helpers, under the
        // parameter names they were made with.
        assertEquals(
          await value(
            sql,
            `select pg_get_function_arguments('public.staff_has_client_relationship(uuid, uuid)'::regprocedure)`,
          ),
          "_staff_id uuid, _client_user_id uuid",
        );
        assertEquals(
          await value(
            sql,
            `select count(*) > 0 from pg_depend d join pg_policy p on d.classid = 'pg_policy'::regclass and d.objid = p.oid
             where d.refobjid = 'public.has_role(uuid, public.app_role)'::regprocedure`,
          ),
          true,
        );
        const ours = await namesOfSchemas();
        assertEquals(
          (await exposed(sql)).filter((it) => ours.has(nameOf(it))),
          [],
        );
        assertEquals(await exposedToVisitors(sql), VISITORS);
        const open = await openToVisitors(sql);
        assertEquals(open.filter((it) => ours.has(it.split(":")[0] ?? "")), [
          // a page before sign-in reads it, by a policy of production's
          "assessment_definitions: SELECT",
          "program_entitlements: SELECT",
        ]);
        await assertInvitesKept(sql);
        await assertUsurperInviteWithdrawn(sql);
        await assertSeatFunctionsKept(sql);

        // The audit log there asks for columns that nobody here knows, and is nobody's to write.
        await sql.query(
          "select private.audit(gen_random_uuid(), 'act', gen_random_uuid(), 'done')",
        );
        assertEquals(
          await value(
            sql,
            `select count(*)::int from pg_policies where tablename = 'admin_audit_logs' and cmd <> 'SELECT'`,
          ),
          0,
        );
      });
    });
  });
}

Deno.test("no function of the public schema lends its owner's rights to visitors or users", async () => {
  await onFreshDatabase({}, async (database) => {
    assertEquals(await database.transaction(exposed), []);
  });
});

/** What visitors may do with tables, by the grants alone. */
async function openToVisitors(sql: Session): Promise<string[]> {
  const rows = await sql.query(
    `select c.relname || ': ' || g.privilege_type as open
     from pg_class c cross join aclexplode(c.relacl) g
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and g.grantee = 'anon'::regrole
     order by 1`,
  );
  return rows.map(({ open }) => String(open));
}

/** No token is left, and all links of what were two invitations of one person open the newer one. */
async function assertInvitesKept(sql: Session): Promise<void> {
  const links = (email: string) =>
    sql.query(
      `select i.token, i.is_open, array(
         select n from generate_series(1, 3) n
         join private.organization_invite_tokens t
           on t.token_hash = private.hash_invite_token('00000000-0000-4000-b000-00000000000' || n)
         where t.invite_id = i.id
       ) as links
       from public.organization_invites i where i.email = $1`,
      [email],
    );
  assertEquals(await links("Active@Example.com"), [
    { token: null, is_open: true, links: [1, 2] },
  ]);
  assertEquals(await links("active@example.com"), [
    { token: null, is_open: false, links: [] },
  ]);
  assertEquals(await links("ACTIVE@example.com"), [
    { token: null, is_open: false, links: [3] },
  ]);
}

/** An invitation to the role of admin by somebody who is none. */
async function assertUsurperInviteWithdrawn(sql: Session): Promise<void> {
  assertEquals(
    await value(
      sql,
      "select is_open from public.organization_invites where email = 'friend@example.com'",
    ),
    false,
  );
}

/** Of production's functions that visitors could call with their owner's rights, those that they still can. */
async function exposedToVisitors(sql: Session): Promise<unknown[]> {
  const rows = await sql.query(
    `select p.oid::regprocedure::text as name from pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.prosecdef
       and has_function_privilege('anon', p.oid, 'execute')
     order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** By the names of arguments that the web app calls them with. */
async function assertSeatFunctionsKept(sql: Session): Promise<void> {
  assertEquals(
    (await sql.query(
      `select p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), p.prosecdef
       from pg_proc p where p.proname like '%sponsored_seat%' order by 1`,
    )).map((row) => Object.values(row)),
    [
      ["can_assign_sponsored_seat", "p_organization_id uuid", "boolean", false],
      [
        "get_org_max_sponsored_seats",
        "p_organization_id uuid",
        "integer",
        false,
      ],
      [
        "get_org_sponsored_seat_count",
        "p_organization_id uuid",
        "integer",
        false,
      ],
    ],
  );
}

/** Functions that anybody could call by /rest/v1/rpc with the rights of the owner (advisors 0028, 0029). */
async function exposed(sql: Session): Promise<unknown[]> {
  const rows = await sql.query(
    `select p.oid::regprocedure::text as name
     from pg_proc p
     where p.pronamespace = 'public'::regnamespace
       and p.prosecdef
       and (has_function_privilege('anon', p.oid, 'execute')
         or has_function_privilege('authenticated', p.oid, 'execute'))`,
  );
  return rows.map(({ name }) => name);
}

/** The names of the files that hold the tables and public functions of this repository. */
async function namesOfSchemas(): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const folder of Deno.readDir(`${SUPABASE_DIR}/schemas`)) {
    if (!folder.isDirectory) continue;
    for await (
      const { name } of Deno.readDir(`${SUPABASE_DIR}/schemas/${folder.name}`)
    ) {
      names.add(name.replace(/\.sql$/, ""));
    }
  }
  return names;
}

function nameOf(signature: unknown): string {
  return String(signature).replace(/\(.*/, "").replace(/^public\./, "");
}

/** Functions that two triggers of one table call on the same event. */
async function doubled(sql: Session): Promise<unknown[]> {
  const rows = await sql.query(
    `select t.tgrelid::regclass::text || ' ' || t.tgfoid::regproc::text as name
     from pg_trigger t
     where not t.tgisinternal
     group by t.tgrelid, t.tgfoid, t.tgtype, t.tgargs
     having count(*) > 1`,
  );
  return rows.map(({ name }) => name);
}

/** All there is in the schemas that are ours. */
async function schema(sql: Session): Promise<unknown[]> {
  const rows = await sql.query(
    `select 'column ' || c.attrelid::regclass || '.' || c.attname || ' ' || c.atttypid::regtype as object
     from pg_attribute c join pg_class r on r.oid = c.attrelid
     where r.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
       and r.relkind in ('r', 'v') and c.attnum > 0
     union all
     select 'function ' || p.oid::regprocedure || ' ' || p.prosecdef || ' ' || coalesce(p.proacl::text, '')
     from pg_proc p where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
     union all
     -- Its condition may call a role helper by either name: by the wrapper's once the helper has moved.
     select 'trigger ' || replace(pg_get_triggerdef(t.oid), 'private.', '')
     from pg_trigger t where not t.tgisinternal
     union all
     select 'policy ' || tablename || ' ' || policyname from pg_policies
     union all
     select 'index ' || indexdef from pg_indexes where schemaname in ('public', 'private')
     order by 1`,
  );
  return rows.map(({ object }) => object);
}
