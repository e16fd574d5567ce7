import { assert, assertEquals } from "@std/assert";
import postgres from "postgres";
import { postgresSession } from "../../stack/session.ts";
import { parallel } from "../support/parallel.ts";
import {
  onFreshDatabase,
  postgresTest,
  type Session,
  value,
} from "../support/sql.ts";
import {
  ask,
  askAfresh,
  givenRows,
  givenWorld,
  isKept,
  keepBody,
  warm,
  type World,
} from "./calendar_world.ts";

postgresTest(
  "an answer given while a session is being changed is not kept",
  () =>
    inWorld(async ({ world, connect }) => {
      const [writer, reader] = [await connect(), await connect()];
      const [user = ""] = world.users;
      await warm(reader, user);
      await retitle(writer, world, "cohort_sessions");

      await writer.query("begin");
      await retitle(writer, world);
      const { fingerprint: known } = await ask(reader, user);
      assert(!await isKept(reader, user));
      await writer.query("commit");

      assertEquals((await ask(reader, user, { known })).outcome, "ok");
      assert(await isKept(reader, user));
    }),
);

postgresTest(
  "a session changed while its feed is being kept waits for nothing and is not missed",
  () =>
    inWorld(async ({ world, connect }) => {
      const [writer, reader] = [await connect(), await connect()];
      const [user = ""] = world.users;
      const known = await warm(reader, user);
      await retitle(writer, world);

      await reader.query("begin");
      const kept = await ask(reader, user, { known });
      assert(await isKept(reader, user));
      await retitle(writer, world);
      await reader.query("commit");

      const { outcome } = await ask(reader, user, { known: kept.fingerprint });
      assertEquals(outcome, "ok");
    }),
);

postgresTest(
  "whoever joins a session while its program is renamed sees the new name",
  () =>
    inWorld(async ({ world, connect }) => {
      const [renaming, joining, reader] = [
        await connect(),
        await connect(),
        await connect(),
      ];
      const [, , user = ""] = world.users;
      const joined = [world.ids["module_sessions"]?.[0], user];
      await joining.query(
        "delete from public.module_session_participants where session_id = $1 and user_id = $2",
        joined,
      );
      await warm(reader, user);

      await renaming.query("begin");
      await renaming.query(
        "update public.programs set name = 'New name' where id = $1",
        [world.ids["programs"]?.[0]],
      );
      await joining.query(
        "insert into public.module_session_participants (session_id, user_id) values ($1, $2)",
        joined,
      );
      const { fingerprint: known } = await ask(reader, user);
      assertEquals(
        (await ask(reader, user, { known })).outcome,
        "not_modified",
      );
      assert(!await isKept(reader, user));
      await renaming.query("commit");

      assertEquals((await ask(reader, user, { known })).outcome, "ok");
    }),
);

postgresTest(
  "a change under an older snapshot is not missed",
  () =>
    inWorld(async ({ world, connect }) => {
      const [writer, reader] = [await connect(), await connect()];
      const [user = ""] = world.users;
      await writer.query("begin isolation level repeatable read");
      await writer.query("select from public.profiles limit 1");
      const known = await warm(reader, user); // noted from here on: the writer cannot see that
      assert(await isKept(reader, user));
      await retitle(writer, world);
      await writer.query("commit");
      assertEquals((await ask(reader, user, { known })).outcome, "ok");
    }),
);

postgresTest(
  "two that change the same feeds in opposite order wait for one another nowhere",
  () =>
    inWorld(async ({ world, connect }) => {
      const [one, other, reader] = [
        await connect(),
        await connect(),
        await connect(),
      ];
      for (const user of world.users) await warm(reader, user);
      await one.query("begin");
      await other.query("begin");
      await retitle(one, world);
      await retitle(other, world, "group_sessions");
      await retitle(one, world, "cohort_sessions");
      await other.query(
        "update public.program_modules set program_id = $2 where id = $1",
        [
          world.ids["program_modules"]?.[0],
          world.ids["programs"]?.[1],
        ],
      );
      await one.query("commit");
      await other.query("commit");
    }),
);

postgresTest(
  "parallel writers and readers leave no feed with an answer that is not true",
  () =>
    inWorld(async ({ world, connect }) => {
      await parallel(8, async (n) => {
        const sql = await connect();
        for (let round = 0; round < 60; round++) {
          if (n < 4) await change(sql, world, n, round);
          else await ask(sql, at(world.users, n + round));
        }
      });
      const sql = await connect();
      for (const user of world.users) {
        const [kept] = await sql.query(
          `select private.calendar_fingerprint(p.name, s.parts, null) as fingerprint
           from private.calendar_summaries s join public.profiles p on p.id = s.user_id
           where s.user_id = $1 and s.parts is not null`,
          [user],
        );
        const known = String(kept?.["fingerprint"]);
        const answer = await ask(sql, user, { known });
        await sql.query("begin");
        const fresh = await askAfresh(sql, user);
        await sql.query("rollback");
        assertEquals(answer, {
          outcome: known === fresh ? "not_modified" : "ok",
          fingerprint: fresh,
          body: null,
        });
      }
    }),
);

postgresTest(
  "of two who keep a calendar at once the second leaves it at that, and waits for nothing",
  () =>
    inWorld(async ({ world: { users: [user = ""] }, connect }) => {
      const [one, other] = [await connect(), await connect()];
      const { fingerprint } = await ask(one, user);
      await one.query("begin");
      assert(await keepBody(one, user, fingerprint));
      assert(!await keepBody(other, user, fingerprint));
      assert(!await keepBody(other, user, fingerprint, "r1-a5"));
      await one.query("commit");
      assertEquals((await ask(other, user)).body, `of ${fingerprint}`);
    }),
);

postgresTest(
  "many who keep calendars at once leave four",
  () =>
    inWorld(async ({ world: { users: [user = ""] }, connect }) => {
      const sql = await connect();
      await ask(sql, user);
      await parallel(8, async (n) => {
        const own = await connect();
        for (let round = 0; round < 40; round++) {
          await keepBody(own, user, "any", `r1-a${(n + round) % 7}`);
          await ask(own, user);
        }
      });
      const kept = await value(
        sql,
        "select count(*)::integer from private.calendar_bodies where user_id = $1",
        [user],
      );
      assertEquals(kept, 4);
    }),
);

/** One of the changes that concern several feeds, in a transaction with another. */
async function change(sql: Session, world: World, n: number, round: number) {
  const id = (table: string) => world.ids[table]?.[0];
  const user = at(world.users, round);
  const changes: [string, unknown[]][] = [
    ["update public.groups set name = $2 where id = $1", [
      id("groups"),
      `${n} ${round}`,
    ]],
    [
      "delete from public.group_memberships where group_id = $1 and user_id = $2",
      [id("groups"), user],
    ],
    [
      "insert into public.group_memberships (group_id, user_id) values ($1, $2) on conflict do nothing",
      [id("groups"), user],
    ],
    ["update public.program_modules set program_id = $2 where id = $1", [
      id("program_modules"),
      world.ids["programs"]?.[round % 2],
    ]],
    ["update public.programs set name = $2 where id = $1", [
      id("programs"),
      `${n} ${round}`,
    ]],
    ["update public.module_sessions set title = $2 where id = $1", [
      id("module_sessions"),
      `${n} ${round}`,
    ]],
  ];
  // one row a transaction: these writers would wait for one another's rows in any order
  const [text, parameters] = changes[(n + round) % changes.length] ?? ["", []];
  await sql.query("begin");
  await sql.query(text, parameters);
  await sql.query("commit");
}

function at(values: string[], index: number): string {
  return values[index % values.length] ?? "";
}

async function retitle(
  sql: Session,
  world: World,
  table = "module_sessions",
): Promise<void> {
  await sql.query(
    `update public.${table} set title = title || '.' where id = $1`,
    [world.ids[table]?.[0]],
  );
}

interface Stage {
  world: World;
  /** A connection of its own, on which whatever has to wait fails. */
  connect(): Promise<Session>;
}

/** On a database where nobody else is at work: while anybody is, no feed is kept. */
function inWorld(work: (stage: Stage) => Promise<void>): Promise<void> {
  return onFreshDatabase({}, (_, url = "") => inWorldOn(url, work));
}

async function inWorldOn(
  url: string,
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  const open: postgres.Sql[] = [];
  const connect = async () => {
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    open.push(sql);
    const session = postgresSession(sql);
    await session.query("set lock_timeout = '5s'");
    return session;
  };
  try {
    const sql = await connect();
    const world = await givenWorld(sql);
    await givenRows(sql, world);
    await work({ world, connect });
  } finally {
    await Promise.all(open.map((sql) => sql.end({ timeout: 1 })));
  }
}
