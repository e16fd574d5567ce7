import { assertEquals } from "@std/assert";
import { createPerson, disable, updateUser } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { sqlTest, value } from "../support/sql.ts";

Deno.test("a disabled user's token neither reads nor writes, until the ban is lifted", async () => {
  const person = await createPerson();
  const read = () =>
    person.client.from("profiles").select("id").eq("id", person.id);
  const write = () =>
    person.client.from("profiles").update({ bio: "Still here" })
      .eq("id", person.id);
  assertEquals(must(await read()), [{ id: person.id }]);

  await disable(person);
  for (
    const answer of [
      await read(),
      await write(),
      await person.client.rpc("calendar_link"),
    ]
  ) {
    assertEquals([answer.status, answer.error?.code], [403, "PT403"]);
  }
  const { bio } = must(
    await secretClient().from("profiles").select("bio")
      .eq("id", person.id).single(),
  );
  assertEquals(bio, null);

  await updateUser(person.id, { ban_duration: "none" });
  assertEquals(must(await read()), [{ id: person.id }]);
});

Deno.test("a deleted user's token opens nothing", async () => {
  const person = await createPerson();
  await secretClient().auth.admin.deleteUser(person.id);
  const { status, error } = await person.client.from("plans").select("id");
  assertEquals([status, error?.code], [403, "PT403"]);
});

sqlTest(
  "PostgREST is told to check every request, and each role may",
  async (sql) => {
    const settings = await sql.query(
      `select setting from pg_db_role_setting s cross join unnest(s.setconfig) as setting
     where s.setrole = 'authenticator'::regrole and setting like 'pgrst.%'
       and s.setdatabase = (select oid from pg_database where datname = current_database())`,
    );
    assertEquals(settings.map(({ setting }) => setting), [
      "pgrst.db_pre_request=private.check_request",
    ]);
    for (const role of ["anon", "authenticated", "service_role"]) {
      const may =
        "select has_function_privilege($1, 'private.check_request()', 'execute')";
      assertEquals(await value(sql, may, [role]), true, role);
    }
  },
);

sqlTest(
  "the migration overwrites no other function that PostgREST calls first",
  async (sql) => {
    const file = new URL(
      "../../supabase/migrations/20260325084213_account.sql",
      import.meta.url,
    );
    await sql.script(`do $$ begin
    execute format('alter role authenticator in database %I set pgrst.db_pre_request = %L',
      current_database(), 'public.other');
  end $$`);
    await sql.script(`create function pg_temp.refusal(p_sql text) returns text
    language plpgsql as $$
    begin
      execute p_sql;
      return null;
    exception
      when others then return sqlerrm;
    end $$`);
    assertEquals(
      await value(sql, "select pg_temp.refusal($1)", [
        await Deno.readTextFile(file),
      ]),
      "the role authenticator already names public.other as pgrst.db_pre_request",
    );
  },
);
