import { assertEquals } from "@std/assert";
import postgres from "postgres";
import { postgresSession } from "../../stack/session.ts";
import { parallel } from "../support/parallel.ts";
import { postgresTest, type Session, sqlTest, value } from "../support/sql.ts";
import { api } from "../support/stack.ts";
import { ask, givenWorld, keepBody } from "./calendar_world.ts";

const DAY = 86_400_000;

sqlTest(
  "a calendar is kept in place of the one before it",
  async (sql) => {
    const { users: [user = ""] } = await givenWorld(sql);
    const { fingerprint } = await ask(sql, user);
    assertEquals(await keepBody(sql, user, "of former sessions"), true);
    assertEquals((await ask(sql, user)).body, null);
    assertEquals(await keepBody(sql, user, fingerprint), true);
    assertEquals((await ask(sql, user)).body, `of ${fingerprint}`);
    assertEquals((await keptOf(sql, user)).length, 1);
  },
);

sqlTest(
  "nothing is kept for somebody who has not asked, or is no more",
  async (sql) => {
    const { users: [user = ""] } = await givenWorld(sql);
    assertEquals(await keepBody(sql, user, "any"), false);
    await ask(sql, user);
    assertEquals(await keepBody(sql, user, "any"), true);
    await sql.query("delete from public.profiles where id = $1", [user]);
    assertEquals(await keptOf(sql, user), []);
    assertEquals(await keepBody(sql, user, "any"), false);
  },
);

sqlTest("of more than four variants the oldest goes", async (sql) => {
  const { users: [user = "", other = ""] } = await givenWorld(sql);
  for (const it of [user, other]) await ask(sql, it);
  await keepBody(sql, other, "any", "r1-a99");
  for (let minutes = 1; minutes <= 6; minutes++) {
    await keepBody(sql, user, "any", `r1-a${minutes}`);
    await sql.query(
      "update private.calendar_bodies set kept_at = kept_at - interval '1 minute' where user_id = $1",
      [user],
    );
  }
  assertEquals(await keptOf(sql, user), [3, 4, 5, 6].map((it) => `r1-a${it}`));
  assertEquals(await keptOf(sql, other), ["r1-a99"]);
});

sqlTest("a calendar is forgotten after seven days", async (sql) => {
  const { users: [user = ""] } = await givenWorld(sql);
  const { fingerprint } = await ask(sql, user);
  await keepBody(sql, user, fingerprint);
  const forget = async (days: number) =>
    await value(
      sql,
      "select private.forget_calendar_bodies($1::text::timestamptz)",
      [new Date(Date.now() + days * DAY).toISOString()],
    );
  await forget(6.9);
  assertEquals((await ask(sql, user)).body, `of ${fingerprint}`);
  await forget(7.1);
  assertEquals((await ask(sql, user)).body, null);
});

postgresTest(
  "many who keep at once wait for nobody, and leave four calendars",
  async (sql) => {
    const setup = postgresSession(sql);
    const { users: [user = ""] } = await givenWorld(setup);
    await ask(setup, user);
    await parallel(8, async (n) => {
      const connection = postgres(api.dbUrl ?? "", { max: 1 });
      try {
        const own = postgresSession(connection);
        for (let round = 0; round < 40; round++) {
          await keepBody(own, user, "any", `r1-a${(n + round) % 7}`);
          await ask(own, user);
        }
      } finally {
        await connection.end();
      }
    });
    assertEquals((await keptOf(setup, user)).length, 4);
  },
);

async function keptOf(sql: Session, user: string): Promise<unknown[]> {
  const rows = await sql.query(
    "select variant from private.calendar_bodies where user_id = $1 order by variant",
    [user],
  );
  return rows.map(({ variant }) => variant);
}
