import { assertEquals } from "@std/assert";
import { withinACronMinute } from "../support/cron.ts";
import { createUser, uniqueEmail, updateUser } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { postgresTest } from "../support/sql.ts";
import { secretClient } from "../support/stack.ts";

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

    assertEquals(
      await withinACronMinute(async () => !await isDisabled(id)),
      true,
    );
  },
);

async function isDisabled(id: string): Promise<boolean> {
  return must(
    await secretClient().from("profiles").select("is_disabled").eq("id", id)
      .single(),
  ).is_disabled;
}
