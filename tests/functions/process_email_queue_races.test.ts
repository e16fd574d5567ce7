import { assertEquals } from "@std/assert";
import { startResend } from "../support/resend.ts";
import { postgresTest } from "../support/sql.ts";
import { aDayOfItsOwn, givenMail, runAt } from "./process_email_queue_mails.ts";

postgresTest(
  "eight runs of process-email-queue side by side ask the provider once for each of 200 mails",
  async () => {
    await using resend = startResend();
    const day = aDayOfItsOwn();
    const mails = await Promise.all(
      Array.from({ length: 200 }, () => givenMail(day)),
    );
    await Promise.all(Array.from({ length: 8 }, () => runAt(day)));
    assertEquals(
      resend.keys.toSorted(),
      mails.map(({ id }) => id).toSorted(),
    );
  },
);
