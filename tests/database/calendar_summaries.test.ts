import { assert, assertEquals } from "@std/assert";
import { readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { type Session, value } from "../support/sql.ts";
import {
  ask,
  givenRows,
  givenWorld,
  isKept,
  keepBody,
  quietly,
  warm,
} from "./calendar_world.ts";

const test = quietly("feeds of which is kept what they amount to");

test(
  "a feed that is kept answers 304 without reading a session",
  async (sql) => {
    const [user] = await givenUsers(sql);
    const known = await warm(sql, user);
    await sql.script(
      "alter function private.calendar_events rename to set_aside",
    );
    assertEquals(await ask(sql, user, { known }), {
      outcome: "not_modified",
      fingerprint: known,
      body: null,
    });
  },
);

test(
  "a calendar that is kept is sent without reading a session",
  async (sql) => {
    const [user] = await givenUsers(sql);
    const fingerprint = await warm(sql, user);
    await keepBody(sql, user, fingerprint);
    await sql.script(
      "alter function private.calendar_events rename to set_aside",
    );
    assertEquals(await ask(sql, user), {
      outcome: "ok",
      fingerprint,
      body: `of ${fingerprint}`,
    });
  },
);

test("a change concerns those who see it, and nobody else", async (sql) => {
  const users = await givenUsers(sql);
  const [coach, client, other] = users;
  for (const user of users) await warm(sql, user);
  const kept = async () => [
    await isKept(sql, coach),
    await isKept(sql, client),
    await isKept(sql, other),
  ];
  await sql.query(
    "update public.group_sessions set title = 'New' where group_id in (select group_id from public.group_memberships where user_id = $1)",
    [client],
  );
  assertEquals(await kept(), [true, false, false]);
});

test("a column that no feed shows concerns nobody", async (sql) => {
  const [user] = await givenUsers(sql);
  await warm(sql, user);
  await sql.query(
    "update public.profiles set bio = 'New' where id = $1",
    [user],
  );
  assert(await isKept(sql, user));
});

test("what is kept holds until midnight in UTC", async (sql) => {
  const [user] = await givenUsers(sql);
  const day = () =>
    value(
      sql,
      "select day::text from private.calendar_summaries where user_id = $1",
      [user],
    );
  const { fingerprint: known } = await ask(sql, user);
  for (
    const [time, kept] of [
      ["2026-05-01T00:00:00Z", "2026-05-01"],
      ["2026-05-01T23:59:59Z", "2026-05-01"],
      ["2026-05-02T00:00:00Z", "2026-05-02"],
      ["2026-05-01T23:59:59Z", "2026-05-01"],
    ] as const
  ) {
    await ask(sql, user, { known, now: new Date(time) });
    assertEquals(await day(), kept);
  }
});

test("a session enters and leaves a feed at midnight", async (sql) => {
  const [user] = await givenUsers(sql);
  await sql.query(
    "update public.module_sessions set session_date = '2026-05-01T15:00:00Z' where instructor_id = $1",
    [user],
  );
  const at = async (time: string, known?: string) =>
    await ask(sql, user, { now: new Date(time), known });
  await at("2026-05-31T23:59:59Z");
  const { fingerprint: known } = await at("2026-05-31T23:59:59Z");
  assertEquals(
    (await at("2026-05-31T00:00:00Z", known)).outcome,
    "not_modified",
  );
  assertEquals((await at("2026-06-01T00:00:00Z", known)).outcome, "ok");
});

test("a link is refused at once, whatever is kept", async (sql) => {
  const [user] = await givenUsers(sql);
  const known = await warm(sql, user);
  await sql.query(
    "update private.calendar_links set version = 2 where user_id = $1",
    [user],
  );
  assertEquals((await ask(sql, user, { known })).outcome, "not_found");
});

test(
  "emptying a table, or forgetting, makes everything kept void",
  async (sql) => {
    for (
      const text of [
        "truncate public.group_session_participants",
        "select private.forget_calendar_summaries()",
      ]
    ) {
      const [user] = await givenUsers(sql);
      await warm(sql, user);
      await sql.script(text);
      assert(!await isKept(sql, user), text);
    }
  },
);

test("a user who is deleted leaves nothing noted", async (sql) => {
  const [, , other] = await givenUsers(sql);
  await warm(sql, other);
  await sql.query(
    "update public.group_memberships set status = 'left' where user_id = $1",
    [other],
  );
  assert(!await isKept(sql, other));
  await sql.query("delete from public.profiles where id = $1", [other]);
  const left = await value(
    sql,
    "select count(*)::integer from private.calendar_changes where user_id = $1",
    [other],
  );
  assertEquals(left, 0);
});

test("a feed is answered in a read-only transaction too", async (sql) => {
  const [user] = await givenUsers(sql);
  await sql.script("set local transaction_read_only = on");
  assertEquals((await ask(sql, user)).outcome, "ok");
});

test("every table and column that a feed reads is watched", async (sql) => {
  const body = String(
    await value(
      sql,
      "select prosrc from pg_proc where oid = 'private.calendar_events'::regproc",
    ),
  );
  const [, query = ""] = /return query\s+(.*);\s*end/s.exec(body) ?? [];
  const constants = {
    p_user_id: "gen_random_uuid()",
    p_from: "now()",
    p_until: "now()",
    p_cancelled_since: "now()",
  };
  // a view knows every column that its query names
  await sql.script(
    `create view public.feed_query as select count(*) from (${
      Object.entries(constants).reduce(
        (text, [name, constant]) => text.replaceAll(name, constant),
        query,
      )
    }) q`,
  );
  const read = await sql.query(COLUMNS);
  const tables = new Set(read.map(({ table }) => table));
  assertEquals(tables.size, 12);
  assertEquals(read.filter(({ watched }) => !watched), []);
  assertEquals(await sql.query(FUNCTIONS), [{
    name: "private.known_timezone",
  }]);
});

Deno.test("a migration that changes what a feed shows forgets what was kept", async () => {
  const migrations = await readMigrations(MIGRATIONS_DIR);
  const [first, ...later] = migrations.filter(({ sql }) =>
    /function (private\.(calendar_events|known_timezone)|public\.calendar_feed)\(/
      .test(sql)
  );
  assert(first, "the file that makes the feed, before which nothing was kept");
  for (const { file, sql, version } of later) {
    if (version <= FEED) continue;
    assert(sql.includes("select private.forget_calendar_summaries();"), file);
  }
});

/** The migration that makes the feed. */
const FEED = "20260328091723";

/** Coach, client and another, each with a feed of several sessions. */
async function givenUsers(sql: Session): Promise<[string, string, string]> {
  const world = await givenWorld(sql);
  await givenRows(sql, world);
  const [coach = "", client = "", other = ""] = world.users;
  return [coach, client, other];
}

/** What the view reads, and whether triggers have every kind of change of it noted. */
const COLUMNS = `
  select distinct d.refobjid::regclass::text as table, a.attname::text as column,
    (
      select count(*) from pg_trigger t
      where t.tgrelid = d.refobjid and t.tgfoid = 'private.note_calendar_changes'::regproc
        and t.tgenabled = 'O'
        and string_to_array(split_part(encode(t.tgargs, 'escape'), '\\000', 1), ', ') && array[a.attname::text, 'updated_at']
    ) = 4 as watched
  from pg_rewrite r
  join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
    and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.ev_class
  join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  where r.ev_class = 'public.feed_query'::regclass
  order by 1, 2`;

/** The functions of ours that the view calls. */
const FUNCTIONS = `
  select distinct d.refobjid::regproc::text as name
  from pg_rewrite r
  join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
    and d.refclassid = 'pg_proc'::regclass
  where r.ev_class = 'public.feed_query'::regclass`;
