import { assertEquals } from "@std/assert";
import postgres from "postgres";
import {
  accept,
  givenInvite,
  givenMember,
  givenOrganization,
  send,
} from "../support/organizations.ts";
import { parallel, tally } from "../support/parallel.ts";
import { createPerson, uniqueEmail } from "../support/people.ts";
import { must, type Someone } from "../support/rows.ts";
import { postgresTest } from "../support/sql.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();

postgresTest(
  "50 parallel acceptances of one invitation: one member, one consent row",
  async () => {
    const organization = await givenOrganization({ tier: { max_members: 1 } });
    const person = await createPerson();
    const invite = await givenInvite(organization, { email: person.email });
    const answers = await parallel(50, () => accept(person, invite.token));
    assertEquals(outcomes(answers), {
      "200 accepted": 1,
      "200 already_member": 49,
    });
    assertEquals(await rowsOf(organization), { members: 1, consents: 1 });
  },
);

postgresTest(
  "ten invitees and one seat: one is in, nine are told why",
  async () => {
    const organization = await givenOrganization({ tier: { max_members: 1 } });
    const invitees = await parallel(10, async () => {
      const person = await createPerson();
      const { token } = await givenInvite(organization, {
        email: person.email,
      });
      return { person, token };
    });
    const answers = await Promise.all(
      invitees.map(({ person, token }) => accept(person, token)),
    );
    assertEquals(outcomes(answers), { "200 accepted": 1, "402 seats_full": 9 });
    assertEquals(await rowsOf(organization), { members: 1, consents: 1 });
  },
);

postgresTest(
  "one person accepts the invitations of ten organisations at once: a member of one",
  async () => {
    const person = await createPerson();
    const tokens = await parallel(
      10,
      async () =>
        (await givenInvite(await givenOrganization(), { email: person.email }))
          .token,
    );
    const answers = await Promise.all(
      tokens.map((token) => accept(person, token)),
    );
    assertEquals(outcomes(answers), {
      "200 accepted": 1,
      "409 other_organization": 9,
    });
    const consents = must(
      await db.from("organization_sharing_consent").select()
        .eq("user_id", person.id),
    );
    assertEquals(consents.length, 1);
  },
);

postgresTest(
  "a member written while another takes the last seat waits, and is refused",
  async (sql) => {
    const organization = await givenOrganization({ tier: { max_members: 1 } });
    const insert = (on: postgres.ISql, { id }: Someone) =>
      on`insert into public.organization_members (organization_id, user_id)
         values (${organization.id}, ${id})`;
    const people = await parallel(2, () => createPerson());
    const [one, other] = people;
    if (!one || !other) throw new Error("unreachable");

    const second = await sql.begin(async (first) => {
      await insert(first, one);
      const outcome = insert(sql, other).then(() => "in", codeOf);
      await untilBlockedBy(first);
      return { outcome };
    });
    assertEquals(await second.outcome, "23514");
    assertEquals((await rowsOf(organization)).members, 1);
  },
);

postgresTest(
  "20 invitations sent at once into five seats: four, beside the admin",
  async () => {
    const organization = await givenOrganization({ tier: { max_members: 5 } });
    const admin = await givenMember(organization, "org_admin");
    const answers = await parallel(
      20,
      () => send(admin, organization, uniqueEmail()),
    );
    assertEquals(outcomes(answers), { "200 sent": 4, "402 seats_full": 16 });
  },
);

postgresTest(
  "one address invited ten times at once: one invitation, and no more mails than allowed",
  async () => {
    const organization = await givenOrganization();
    const admin = await givenMember(organization, "org_admin");
    const email = uniqueEmail();
    const answers = await parallel(10, () => send(admin, organization, email));
    assertEquals(outcomes(answers), {
      "200 sent": 1,
      "200 resent": 4,
      "429 rate_limited": 5,
    });
    const invites = must(
      await db.from("organization_invites").select("id")
        .eq("organization_id", organization.id),
    );
    assertEquals(invites.length, 1);
  },
);

postgresTest(
  "an acceptance and a withdrawal at once: one of them, and both say so",
  async () => {
    for (let time = 0; time < 10; time++) {
      const organization = await givenOrganization();
      const admin = await givenMember(organization, "org_admin");
      const person = await createPerson();
      const invite = await givenInvite(organization, { email: person.email });
      const [accepted, withdrawn] = await Promise.all([
        accept(person, invite.token),
        admin.client.rpc("withdraw_org_invite", { p_id: invite.id }),
      ]);
      const isIn = accepted.answer.code === "accepted";
      assertEquals(
        [accepted.answer.code, must(withdrawn).code],
        isIn ? ["accepted", "invite_used"] : ["invite_withdrawn", "withdrawn"],
      );
      const { members } = await rowsOf(organization);
      assertEquals(members, isIn ? 2 : 1);
    }
  },
);

postgresTest(
  "two admins who remove one another at once: one stays",
  async () => {
    for (let time = 0; time < 5; time++) {
      const organization = await givenOrganization();
      const one = await givenMember(organization, "org_admin");
      const other = await givenMember(organization, "org_admin");
      const demote = async (
        { client }: typeof one,
        { id }: Someone,
      ) =>
        (await client.from("organization_members")
          .update({ role: "org_member" }).eq("user_id", id)).error;
      await Promise.all([demote(one, other), demote(other, one)]);
      const admins = must(
        await db.from("organization_members").select("id")
          .eq("organization_id", organization.id).eq("role", "org_admin"),
      );
      assertEquals(admins.length, 1);
    }
  },
);

/** Waits until another connection waits for this one, for two seconds at most. */
async function untilBlockedBy(sql: postgres.ISql): Promise<void> {
  const deadline = Date.now() + 2_000;
  while (Date.now() < deadline) {
    const [waiting] = await sql`
      select from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid))`;
    if (waiting) return;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof postgres.PostgresError) return error.code;
  throw error;
}

async function rowsOf({ id }: Someone) {
  const [members, consents] = await Promise.all([
    db.from("organization_members").select("id").eq("organization_id", id),
    db.from("organization_sharing_consent").select("id")
      .eq("organization_id", id),
  ]);
  return { members: must(members).length, consents: must(consents).length };
}

/** How often each status and code was answered. */
function outcomes(answers: { status: number; answer: { code: string } }[]) {
  return tally(answers.map(({ status, answer }) => `${status} ${answer.code}`));
}
