import * as z from "zod/mini";
import { requireUser } from "../_shared/auth.ts";
import { signLink, subscriptionUrls } from "../_shared/calendar_link.ts";
import { asUser } from "../_shared/database.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { publicUrl, required } from "../_shared/env.ts";
import { Refusal } from "../_shared/errors.ts";

const signingSecret = () =>
  required("CALENDAR_HMAC_SECRET", "Calendar signing not configured");

/**
 * `POST { rotate?: boolean }` as a signed-in user → `{ url, webcal_url, google_url, outlook_url }`.
 * The link is the same at every call until it is rotated, which revokes every link handed out before.
 */
export default endpoint({
  name: "generate-calendar-url",
  methods: ["POST"],
  configure: signingSecret,
  authenticate: requireUser,
  input: z.object({ rotate: z.optional(z.boolean()) }),
  async handle({ caller, input, meter }) {
    const link = await asUser(caller.token, meter).call("calendar_link", {
      p_rotate: input.rotate ?? false,
    });
    if (
      link.outcome === "calendar_sync_disabled" ||
      link.outcome === "account_disabled"
    ) {
      return new Refusal(link.outcome);
    }
    if (link.version === null) {
      throw new TypeError("calendar_link answered without a version");
    }
    const token = await signLink(signingSecret(), {
      userId: caller.id,
      version: link.version,
    });
    return Response.json(subscriptionUrls(publicUrl(), token), {
      headers: { "Cache-Control": "no-store" },
    });
  },
});
