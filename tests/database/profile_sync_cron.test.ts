import { assertEquals } from "@std/assert";
import { createUser, uniqueEmail, updateUser } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { postgresTest } from "../support/sql.ts";
import { secretClient } from "../support/stack.ts";

/** pg_cron starts a job at every full minute. */
const A_MINUTE_AND_MORE_MS = 75_000;

postgresTest(
  "pg_cron lifts a ban that has lapsed, though nothing updates auth.users",
  async (sql) => {
    const jobs = await sql`
    select schedule, command from cron.job where jobname = 'lift-lapsed-bans'`;
    assertEquals([...jobs], [{
      schedule: "* * * * *",
      command: "select private.lift_lapsed_bans()",
    }]);

    const id = await createUser({ email: uniqueEmail(), email_confirm: true });
    await updateUser(id, { ban_duration: "1s" });
    assertEquals(await isDisabled(id), true);

    const deadline = Date.now() + A_MINUTE_AND_MORE_MS;
    while (await isDisabled(id) && Date.now() < deadline) {
      await new Promise((done) => setTimeout(done, 500));
    }
    assertEquals(await isDisabled(id), false);
  },
);

async function isDisabled(id: string): Promise<boolean> {
  return must(
    await secretClient().from("profiles").select("is_disabled").eq("id", id)
      .single(),
  ).is_disabled;
}
