import { assertEquals } from "@std/assert";
import { givenMember, givenOrganization } from "../support/organizations.ts";
import { createPerson, type Person } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { sqlTest, value } from "../support/sql.ts";
import { anonClient, type Client, secretClient } from "../support/stack.ts";

/** What the helpers say of a person, whoever asks. */
async function asked(client: Client, { id }: Person, organization: string) {
  const [admin, member, at, managed] = [
    await client.rpc("has_role", { _user_id: id, _role: "admin" }),
    await client.rpc("has_org_role", {
      _user_id: id,
      _org_id: organization,
      _role: "org_admin",
    }),
    await client.rpc("get_user_organization_id", { _user_id: id }),
    await client.rpc("is_org_admin_or_manager", {
      _user_id: id,
      _org_id: organization,
    }),
  ];
  return [admin, member, managed, at].map(({ data, error }) => {
    if (error) throw error;
    return data;
  });
}

Deno.test("the helpers of policies tell a caller about the caller, and nobody about others but admins and the server", async () => {
  const organization = await givenOrganization();
  const target = await givenMember(organization, "org_admin");
  must(
    await secretClient().from("user_roles")
      .insert({ user_id: target.id, role: "admin" }).select(),
  );
  const [user, admin] = [
    await createPerson({ role: "coach" }),
    await createPerson({ role: "admin" }),
  ];
  const nothing = [false, false, false, null];
  const all = [true, true, true, organization.id];
  for (const client of [anonClient(), user.client]) {
    assertEquals(await asked(client, target, organization.id), nothing);
  }
  for (const client of [target.client, admin.client, secretClient()]) {
    assertEquals(await asked(client, target, organization.id), all);
  }
});

sqlTest(
  "production's own policies ask the helpers of the caller, for visitors too",
  async (sql) => {
    await sql.script(`
    create table public.theirs (id uuid primary key default gen_random_uuid(), user_id uuid);
    alter table public.theirs enable row level security;
    grant select on public.theirs to anon, authenticated;
    create policy "Admins" on public.theirs using (public.has_role(auth.uid(), 'admin'));
    create policy "Own" on public.theirs for select using (user_id = auth.uid());
    insert into public.theirs (user_id) values (null);`);
    const [{ id: admin } = { id: "" }, { id: user } = { id: "" }] = await sql
      .query(
        `insert into auth.users (id, email)
       select id, id || '@example.com' from (values (gen_random_uuid()), (gen_random_uuid())) as v (id)
       returning id`,
      );
    await sql.query(
      "insert into public.user_roles (user_id, role) values ($1, 'admin')",
      [admin],
    );
    const seen = async (role: string, sub: unknown) => {
      await sql.query("select set_config('request.jwt.claims', $1, true)", [
        JSON.stringify({ role, sub }),
      ]);
      await sql.script(`set local role ${role}`);
      const count = await value(sql, "select count(*)::int from public.theirs");
      await sql.script("reset role");
      return count;
    };
    assertEquals(
      [
        await seen("anon", undefined),
        await seen("authenticated", user),
        await seen("authenticated", admin),
      ],
      [0, 0, 1],
    );
  },
);

sqlTest(
  "a visitor executes no helper in private but the few that say why",
  async (sql) => {
    const found = await sql.query(`
    select p.proname as name from pg_proc p
    where p.pronamespace = 'private'::regnamespace and has_function_privilege('anon', p.oid, 'execute') order by 1`);
    assertEquals(found.map(({ name }) => name), [
      "check_request", // before every request
      "may_ask_about", // whether a helper answers at all
      "validate_enrollment_code", // EnrollWithCode, before sign-in
      "validate_partner_code", // RedeemPartnerCode, before sign-in
    ]);
  },
);
