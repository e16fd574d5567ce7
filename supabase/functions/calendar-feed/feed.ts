import type { Caller } from "../_shared/database.ts";
import type { Database } from "../_shared/database.types.ts";
import { logService } from "../_shared/log.ts";
import { type CalendarBody, unseal } from "./body.ts";

type Functions = Database["public"]["Functions"];

/** What the database says of a feed. */
export interface Feed
  extends
    Omit<Database["public"]["CompositeTypes"]["calendar_feed_result"], "body"> {
  /** The calendar as it was kept, in place of the events. */
  readonly kept: CalendarBody | null;
}

/**
 * Asks for a feed: one call. A kept calendar that was damaged is asked for again without, so that it is
 * rendered, and replaced.
 *
 * @throws {DatabaseError}
 */
export async function readFeed(
  database: Caller,
  args: Functions["calendar_feed"]["Args"],
): Promise<Feed> {
  const { body, ...feed } = await database.call("calendar_feed", args);
  if (body === null) return { ...feed, kept: null };
  const kept = await unseal(body);
  if (kept) return { ...feed, kept };
  logService("calendar_bodies", "damaged");
  const { p_variant: _, ...anew } = args;
  return {
    ...await database.call("calendar_feed", anew),
    user_id: feed.user_id,
    kept: null,
  };
}
