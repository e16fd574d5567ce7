import {
  createPerson,
  createUser,
  uniqueEmail,
  updateUser,
} from "../../tests/support/people.ts";
import { rotating } from "../data/rotating.ts";
import { postingAs } from "../request.ts";
import type { Subject } from "../subject.ts";
import { besideFormer } from "./beside.ts";

const NAME = "delete-user";
/** As many as one admin may do in a minute. */
const ACTIONS = 10;

/**
 * A platform admin who deletes a user with nothing but a profile, and one who disables a user, enabled
 * again before the next time. The stand-in of the first does less: whatever names a user is looked
 * through by ours, and recorded.
 */
export const deleteUser: Subject = {
  name: NAME,
  async *contests({ progress }) {
    progress(NAME);
    const admin = rotating(ACTIONS, () => createPerson({ role: "admin" }));
    const disabled = await givenUser();
    yield besideFormer({
      subject: NAME,
      size: "delete",
      prepare: async (to) =>
        postingAs(await admin(), to, {
          userId: await givenUser(),
          action: "delete",
        }),
    });
    yield besideFormer({
      subject: NAME,
      size: "disable",
      prepare: async (to) => {
        await updateUser(disabled, { ban_duration: "none" });
        return postingAs(await admin(), to, {
          userId: disabled,
          action: "disable",
        });
      },
    });
  },
};

function givenUser(): Promise<string> {
  return createUser({ email: uniqueEmail(), email_confirm: true });
}
