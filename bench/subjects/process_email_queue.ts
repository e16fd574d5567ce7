import { uniqueEmail } from "../../tests/support/people.ts";
import { must } from "../../tests/support/rows.ts";
import { secretClient } from "../../tests/support/stack.ts";
import { postingAsService } from "../request.ts";
import type { Subject } from "../subject.ts";
import { besideFloor } from "./beside.ts";

const NAME = "process-email-queue";
const MAILS = 20;
const db = secretClient();

/**
 * A run over so many waiting mails, sent one after the other to a provider on loopback, and at a pace of a
 * thousand a second where the provider's is two. Beside the floor alone: it replaces no function, nobody
 * sent what was queued.
 */
export const processEmailQueue: Subject = {
  name: NAME,
  async *contests({ progress }) {
    progress(NAME);
    yield besideFloor({
      subject: NAME,
      size: `${MAILS} mails`,
      prepare: async (to) => {
        await queueMails();
        return postingAsService(to);
      },
    });
  },
};

/** Queues them, in place of whatever waits. */
async function queueMails(): Promise<void> {
  must(
    await db.from("email_queue").delete().not("id", "is", null).select("id"),
  );
  must(
    await db.from("email_queue").insert(
      Array.from({ length: MAILS }, () => ({
        recipient_email: uniqueEmail(),
        recipient_name: "Ana Pop",
        template_key: "notification",
        template_data: {
          title: "Hello",
          message: "World",
          link: null,
          user_name: "Ana Pop",
        },
      })),
    ).select("id"),
  );
}
