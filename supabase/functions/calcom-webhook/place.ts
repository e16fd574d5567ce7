import type { Booking } from "./payload.ts";

/** Where the meeting is joined: Cal.com's own link, else the video provider's, else a link as location. */
export function meetingUrlOf(
  { metadata, videoCallData, location }: Booking,
): string | undefined {
  return [metadata?.["videoCallUrl"], videoCallData?.url, location]
    .find(isWebLink);
}

/** Where people meet in person. `integrations:daily` and the like are how, not where. */
export function placeOf({ location }: Booking): string | undefined {
  return typeof location === "string" && !isWebLink(location) &&
      !/^integrations:|^conferencing$/.test(location)
    ? location
    : undefined;
}

/** Not `javascript:` and the like: people click on it. */
function isWebLink(value: unknown): value is string {
  return typeof value === "string" && value.length <= 2000 &&
    /^https?:\/\/\S+$/.test(value) && URL.canParse(value);
}
