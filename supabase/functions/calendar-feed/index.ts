import { asService } from "../_shared/database.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { Refusal } from "../_shared/errors.ts";
import { seal } from "./body.ts";
import { readFeed } from "./feed.ts";
import { fingerprintsOf, variantKey } from "./http.ts";
import { readOwner } from "./link.ts";
import { readOptions } from "./options.ts";
import { respond } from "./response.ts";

/**
 * `GET|HEAD calendar-feed/<link>.ics`, or the older `?uid&ts&sig` and `?token`, with the options
 * `alarm=<minutes>` and `only=coaching,group,cohort,hosting`. Whoever holds the link reads the calendar.
 */
export default endpoint({
  name: "calendar-feed",
  methods: ["GET", "HEAD"],
  // Thunderbird wipes its copy on 404 and gives the calendar up on 410: a failure must be a 503.
  failsAs: "unavailable",
  async handle({ request, url, now, meter, afterwards }) {
    const options = readOptions(url.searchParams);
    if ("problem" in options) {
      return new Refusal("invalid_request", options.problem);
    }
    const owner = await readOwner(url);
    if (owner instanceof Refusal) return owner;

    const database = asService(meter);
    const variant = variantKey(options);
    const feed = await readFeed(database, {
      ...owner,
      p_known: fingerprintsOf(request.headers.get("If-None-Match"), variant),
      p_only: options.only,
      p_now: now.toISOString(),
      p_variant: variant,
    });
    return await respond(feed, {
      request,
      options,
      now,
      keep: (userId, fingerprint, body) =>
        afterwards(async () =>
          database.call("keep_calendar_body", {
            p_user_id: userId,
            p_variant: variant,
            p_fingerprint: fingerprint,
            p_body: await seal(body),
          })
        ),
    });
  },
});
