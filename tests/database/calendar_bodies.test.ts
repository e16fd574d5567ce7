import { assertEquals } from "@std/assert";
import { type Session, value } from "../support/sql.ts";
import { ask, givenWorld, keepBody, quietly } from "./calendar_world.ts";

const test = quietly("calendars that are kept");

const DAY = 86_400_000;

test(
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

test(
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

test(
  "of more than four variants the oldest goes, once it has been there for an hour",
  async (sql) => {
    const { users: [user = "", other = ""] } = await givenWorld(sql);
    for (const it of [user, other]) await ask(sql, it);
    await keepBody(sql, other, "any", "r1-a99");
    const variants = async (...minutes: number[]) =>
      assertEquals(await keptOf(sql, user), minutes.map((it) => `r1-a${it}`));
    const pass = (minutes: number) =>
      sql.query(
        "update private.calendar_bodies set kept_at = kept_at - $2 * interval '1 minute' where user_id = $1",
        [user, minutes],
      );
    for (const minutes of [1, 2, 3, 4]) {
      await keepBody(sql, user, "any", `r1-a${minutes}`);
      await pass(10);
    }
    assertEquals(await keepBody(sql, user, "any", "r1-a5"), false);
    assertEquals(await mayKeep(sql, user, "r1-a5"), false);
    assertEquals(await keepBody(sql, user, "any", "r1-a3"), true);
    await variants(1, 2, 3, 4);

    await pass(25);
    assertEquals(await mayKeep(sql, user, "r1-a5"), true);
    assertEquals(await keepBody(sql, user, "any", "r1-a5"), true);
    await variants(2, 3, 4, 5);
    assertEquals(await keptOf(sql, other), ["r1-a99"]);
  },
);

test("a calendar is forgotten before it is seven days old", async (sql) => {
  const { users: [user = ""] } = await givenWorld(sql);
  const { fingerprint } = await ask(sql, user);
  await keepBody(sql, user, fingerprint);
  const forget = async (days: number) =>
    await value(
      sql,
      "select private.forget_calendar_bodies($1::text::timestamptz)",
      [new Date(Date.now() + days * DAY).toISOString()],
    );
  await forget(5.9);
  assertEquals((await ask(sql, user)).body, `of ${fingerprint}`);
  await forget(6.1);
  assertEquals((await ask(sql, user)).body, null);
});

/** Whether the feed says so to the function, which then does not call in vain. */
async function mayKeep(sql: Session, user: string, variant: string) {
  return await value(
    sql,
    "select user_id is not null from public.calendar_feed(p_user_id => $1, p_version => 1, p_variant => $2)",
    [user, variant],
  );
}

async function keptOf(sql: Session, user: string): Promise<unknown[]> {
  const rows = await sql.query(
    "select variant from private.calendar_bodies where user_id = $1 order by variant",
    [user],
  );
  return rows.map(({ variant }) => variant);
}
