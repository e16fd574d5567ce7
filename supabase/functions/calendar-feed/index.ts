import { asService } from "../_shared/database.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { siteUrl } from "../_shared/env.ts";
import { Refusal } from "../_shared/errors.ts";
import { readEvents } from "./events.ts";
import { fingerprintsOf, variantKey } from "./http.ts";
import { renderCalendar, renderExpiredNotice } from "./ics.ts";
import { readOwner } from "./link.ts";
import { readOptions } from "./options.ts";
import { calendar, notModified } from "./response.ts";

/**
 * `GET|HEAD calendar-feed/<link>.ics`, or the older `?uid&ts&sig` and `?token`, with the options
 * `alarm=<minutes>` and `only=coaching,group,cohort,hosting`. Whoever holds the link reads the calendar.
 */
export default endpoint({
  name: "calendar-feed",
  methods: ["GET", "HEAD"],
  // Thunderbird wipes its copy on 404 and gives the calendar up on 410: a failure must be a 503.
  failsAs: "unavailable",
  async handle({ request, url, now }) {
    const options = readOptions(url.searchParams);
    if ("problem" in options) {
      return new Refusal("invalid_request", options.problem);
    }
    const owner = await readOwner(url);
    if (owner instanceof Refusal) return owner;

    const variant = variantKey(options);
    const feed = await asService().call("calendar_feed", {
      ...owner,
      p_known: fingerprintsOf(request.headers.get("If-None-Match"), variant),
      p_only: options.only,
      p_now: now.toISOString(),
    });
    const version = {
      fingerprint: feed.fingerprint,
      variant,
      modifiedAt: feed.modified_at,
    };
    switch (feed.outcome) {
      case "ok":
        return await calendar(request, version, () =>
          renderCalendar({
            name: feed.name,
            events: readEvents(feed.events),
            alarmMinutes: options.alarmMinutes,
          }));
      case "not_modified":
        return notModified(request, version);
      case "expired":
        return await calendar(
          request,
          {
            ...version,
            fingerprint: `expired-${now.toISOString().slice(0, 10)}`,
          },
          () => renderExpiredNotice({ today: now, siteUrl: siteUrl() }),
        );
      case "not_found":
        return new Refusal("not_found");
      default:
        throw new TypeError("calendar_feed answered an unknown outcome");
    }
  },
});
