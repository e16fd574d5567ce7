import { assertEquals } from "@std/assert";
import { sqlTest, value } from "../support/sql.ts";

// PostgREST lets a client choose the session's timezone (Prefer: timezone=…).
sqlTest(
  "a plan's allowance is the calendar month's in UTC, whatever the session's timezone",
  async (sql) => {
    const id = crypto.randomUUID();
    await sql.query("insert into auth.users (id, email) values ($1, $2)", [
      id,
      `${id}@example.com`,
    ]);
    await sql.query(
      `update public.profiles set plan_id = (select id from public.plans where key = 'free')
     where id = $1`,
      [id],
    );
    await sql.query(
      "update public.plans set credit_allowance = 40 where key = 'free'",
    );
    const spend = (timezone: string) =>
      sql.query(`set local timezone = '${timezone}'`).then(() =>
        value(
          sql,
          `select coalesce(code, 'spent') from private.spend_credits(
           'user', $1, 40, null, null, null, null, null, '2031-03-30T12:00:00Z')`,
          [id],
        )
      );
    assertEquals(await spend("America/New_York"), "spent");
    for (const timezone of ["America/New_York", "Pacific/Auckland", "UTC"]) {
      assertEquals(await spend(timezone), "insufficient_credits");
    }
  },
);
