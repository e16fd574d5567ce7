import { readLink, readSignedQuery } from "../_shared/calendar_link.ts";
import type { Database } from "../_shared/database.types.ts";
import { required } from "../_shared/env.ts";
import { Refusal } from "../_shared/errors.ts";

/** Whose calendar a URL opens, as arguments of the SQL function `calendar_feed`. */
export type FeedOwner =
  | Given<"p_user_id" | "p_version">
  | Given<"p_user_id" | "p_signed_at">
  | Given<"p_token">;

type Args = Database["public"]["Functions"]["calendar_feed"]["Args"];
type Given<Names extends keyof Args> = Readonly<Required<Pick<Args, Names>>>;

const PATH = /\/calendar-feed\/([^/]+)\.ics$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const secret = () => required("CALENDAR_HMAC_SECRET");

/**
 * Reads the link in a URL: the path's, else the older `?uid&ts&sig`, else the oldest, `?token`. A link
 * that was forged is refused here; whether a genuine one is still good is for the database to say.
 */
export async function readOwner(url: URL): Promise<FeedOwner | Refusal> {
  const token = PATH.exec(url.pathname)?.[1];
  if (token !== undefined) {
    const link = await readLink(secret(), token);
    return link === null
      ? new Refusal("not_found")
      : { p_user_id: link.userId, p_version: link.version };
  }

  const [uid, ts, sig] = ["uid", "ts", "sig"].map((name) =>
    url.searchParams.get(name)
  );
  if (uid && ts && sig) {
    const link = await readSignedQuery(secret(), { uid, ts, sig });
    return link === null
      ? new Refusal("not_found")
      : { p_user_id: link.userId, p_signed_at: link.signedAt.toISOString() };
  }

  const legacy = url.searchParams.get("token");
  if (legacy === null) {
    return new Refusal("invalid_request", "Missing authentication parameters");
  }
  return UUID.test(legacy) ? { p_token: legacy } : new Refusal("not_found");
}
