import {
  givenInvite,
  givenOrganization,
} from "../../tests/support/organizations.ts";
import { createPerson } from "../../tests/support/people.ts";
import { must } from "../../tests/support/rows.ts";
import { secretClient } from "../../tests/support/stack.ts";
import { postingAs } from "../request.ts";
import type { Subject } from "../subject.ts";
import { besideFormer } from "./beside.ts";

const NAME = "accept-org-invite";
const db = secretClient();

/** A person who accepts an invitation, and is taken out of the organisation before the next one. */
export const acceptOrgInvite: Subject = {
  name: NAME,
  async *contests({ progress }) {
    progress(NAME);
    const organization = await givenOrganization();
    const person = await createPerson();
    yield besideFormer({
      subject: NAME,
      size: "one person",
      prepare: async (to) => {
        await leaveAll(person.id);
        const { id, token } = await givenInvite(organization, {
          email: person.email,
          inviter: person,
        });
        // the stand-in finds an invitation by its id
        return postingAs(person, to, {
          invite_token: to === NAME ? token : id,
        });
      },
    });
  },
};

async function leaveAll(userId: string): Promise<void> {
  for (
    const table of [
      "organization_members",
      "organization_sharing_consent",
    ] as const
  ) {
    must(await db.from(table).delete().eq("user_id", userId).select("user_id"));
  }
}
