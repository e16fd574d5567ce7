import { asService } from "../_shared/database.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { Refusal } from "../_shared/errors.ts";
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
  async handle({ request, url, now, meter }) {
    const options = readOptions(url.searchParams);
    if ("problem" in options) {
      return new Refusal("invalid_request", options.problem);
    }
    const owner = await readOwner(url);
    if (owner instanceof Refusal) return owner;

    const ifNoneMatch = request.headers.get("If-None-Match");
    const feed = await asService(meter).call("calendar_feed", {
      ...owner,
      p_known: fingerprintsOf(ifNoneMatch, variantKey(options)),
      p_only: options.only,
      p_now: now.toISOString(),
    });
    return await respond(feed, { request, options, now });
  },
});
