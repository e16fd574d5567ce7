import { required } from "../../../supabase/functions/_shared/env.ts";
import { verifyHex } from "../../../supabase/functions/_shared/hmac.ts";
import { answering, serviceClient } from "../_former/client.ts";
import { readSessions } from "./sessions.ts";
import { toCalendar } from "./text.ts";

const VALID_DAYS = 30;

/**
 * How calendar-feed used to work: `GET ?uid&ts&sig`, eight queries in four steps, text put together by
 * hand, no ETag and no compression. Its queries named columns that do not exist; these name the ones
 * that do (`profiles.name`, the status `active`), so that it answers at all.
 */
export default {
  fetch: (request: Request) => answering(() => feed(request)),
};

async function feed(request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const [uid = "", ts = "", sig = ""] = ["uid", "ts", "sig"].map((name) =>
    searchParams.get(name) ?? ""
  );
  if (Date.now() - Number(ts) > VALID_DAYS * 86_400_000) {
    return new Response("Token expired.", { status: 401 });
  }
  const message = new TextEncoder().encode(`${uid}:${ts}`);
  if (!await verifyHex(required("CALENDAR_HMAC_SECRET"), sig, message)) {
    return new Response("Invalid token signature", { status: 401 });
  }

  const client = serviceClient();
  const { data: profile, error } = await client.from("profiles")
    .select("id, name, calendar_sync_enabled").eq("id", uid).single();
  if (error) return new Response("Invalid token", { status: 401 });
  if (!profile.calendar_sync_enabled) {
    return new Response("Calendar sync is disabled", { status: 403 });
  }
  const sessions = await readSessions(client, uid, new Date());
  return new Response(toCalendar(profile.name, sessions), {
    headers: {
      "Content-Type": "text/calendar; charset=utf-8",
      "Content-Disposition": 'attachment; filename="innotruehub.ics"',
    },
  });
}
