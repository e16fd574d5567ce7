import {
  givenMember,
  givenOrganization,
} from "../../tests/support/organizations.ts";
import { createPerson, uniqueEmail } from "../../tests/support/people.ts";
import { must } from "../../tests/support/rows.ts";
import { secretClient } from "../../tests/support/stack.ts";
import { rotating } from "../data/rotating.ts";
import { postingAs } from "../request.ts";
import type { Subject } from "../subject.ts";
import { besideFormer } from "./beside.ts";

const NAME = "send-org-invite";
/** As many as one inviter may try in an hour. */
const INVITES = 100;
const db = secretClient();

/**
 * An organisation's admin who invites a new address; its only open invitation. The stand-in waits until
 * the mail is sent, to a provider on loopback; ours queues it, and process-email-queue sends it.
 */
export const sendOrgInvite: Subject = {
  name: NAME,
  async *contests({ progress }) {
    progress(NAME);
    const organization = await givenOrganization();
    const inviter = rotating(INVITES, async () => {
      const person = await createPerson();
      await givenMember(organization, "org_admin", { person });
      return person;
    });
    yield besideFormer({
      subject: NAME,
      size: "a new address",
      prepare: async (to) => {
        must(
          await db.from("organization_invites").delete()
            .eq("organization_id", organization.id).select("id"),
        );
        return postingAs(await inviter(), to, {
          organization_id: organization.id,
          email: uniqueEmail("invitee"),
          role: "org_member",
        });
      },
    });
  },
};
