import { createPerson, uniqueEmail } from "../../tests/support/people.ts";
import { postingAs } from "../request.ts";
import type { Subject } from "../subject.ts";
import { besideFormer } from "./beside.ts";

const NAME = "update-user-email";

/**
 * A platform admin who gives somebody another address. The stand-in waits until two mails are sent, to a
 * provider on loopback; ours queues them. The own address is request-email-change's: ours mails a link
 * where the former function changed it at once.
 */
export const updateUserEmail: Subject = {
  name: NAME,
  async *contests({ progress }) {
    progress(NAME);
    const admin = await createPerson({ role: "admin" });
    const { id: targetUserId } = await createPerson();
    yield besideFormer({
      subject: NAME,
      size: "by an admin",
      prepare: (to) =>
        Promise.resolve(
          postingAs(admin, to, { targetUserId, newEmail: uniqueEmail("new") }),
        ),
    });
  },
};
