import {
  givenInvite,
  givenOrganization,
  type Invite,
  type Organization,
} from "../../tests/support/organizations.ts";
import { createPerson, type Person } from "../../tests/support/people.ts";
import { must } from "../../tests/support/rows.ts";
import { api, secretClient } from "../../tests/support/stack.ts";
import type { Send } from "../contest.ts";
import { expecting } from "../request.ts";
import type { Subject } from "../subject.ts";
import { FLOOR } from "./floor.ts";

const NAME = "accept-org-invite";
const db = secretClient();

/** A person who accepts an invitation, and is taken out of the organisation before the next one. */
export const acceptOrgInvite: Subject = {
  name: NAME,
  async *contests({ progress }) {
    progress(NAME);
    const organization = await givenOrganization();
    const [ours, replaced] = [await createPerson(), await createPerson()];
    yield {
      subject: NAME,
      size: "one person",
      contestants: [
        FLOOR,
        {
          name: "200",
          role: "ours",
          prepare: async () => {
            const { token } = await invited(ours, organization);
            return accepting(ours, NAME, token);
          },
        },
        {
          name: "200",
          role: "replaced",
          prepare: async () => {
            const { id } = await invited(replaced, organization);
            return accepting(replaced, `former-${NAME}`, id);
          },
        },
      ],
    };
  },
};

/** A new invitation for somebody who is, from now on, no member. */
async function invited(
  person: Person,
  organization: Organization,
): Promise<Invite> {
  for (
    const table of [
      "organization_members",
      "organization_sharing_consent",
    ] as const
  ) {
    must(
      await db.from(table).delete().eq("user_id", person.id).select("user_id"),
    );
  }
  return await givenInvite(organization, {
    email: person.email,
    inviter: person,
  });
}

function accepting(person: Person, name: string, token: string): Send {
  return expecting(200, `/functions/v1/${name}`, {
    method: "POST",
    headers: {
      apikey: api.publishableKey,
      Authorization: `Bearer ${person.token}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ invite_token: token }),
  });
}
