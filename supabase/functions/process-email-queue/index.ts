import { requireSecret } from "../_shared/auth.ts";
import { asService } from "../_shared/database.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { Refusal } from "../_shared/errors.ts";
import { deliver } from "./deliver.ts";
import { mailSettings } from "./settings.ts";

/** As many as two a second, the provider's usual limit, allow within a cron minute. */
const BATCH = 100;

/**
 * `POST` with the secret key → sends what is due in `email_queue`, and answers
 * `{ success, claimed, sent, retried, dead, released }`. pg_cron calls it every minute. Two runs side by
 * side share the work; a run that is cut off leaves its mails to the next, and the provider, which knows
 * each mail by its id, sends none twice.
 */
export default endpoint({
  name: "process-email-queue",
  methods: ["POST"],
  configure: () => void mailSettings(),
  authenticate: requireSecret,
  async handle({ now, meter }) {
    const database = asService(meter);
    const mails = await database.call("claim_emails", {
      p_limit: BATCH,
      p_now: now.toISOString(),
    });
    const { results, refused } = await deliver(mails, mailSettings(), now);
    if (results.length > 0) {
      await database.call("settle_emails", {
        p_results: results,
        p_now: now.toISOString(),
      });
    }
    if (refused) return new Refusal("mail_provider_refused");
    const count = (outcome: string) =>
      results.filter((result) => result.outcome === outcome).length;
    return Response.json({
      success: true,
      claimed: mails.length,
      sent: count("sent"),
      retried: count("retry"),
      dead: count("dead"),
      released: count("released"),
    });
  },
});
