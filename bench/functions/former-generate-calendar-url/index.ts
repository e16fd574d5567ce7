import {
  required,
  supabaseUrl,
} from "../../../supabase/functions/_shared/env.ts";
import { HMAC, hmacKey } from "../../../supabase/functions/_shared/hmac.ts";
import { callerOf } from "../_former/caller.ts";
import { answering, must, serviceClient } from "../_former/client.ts";

/**
 * How generate-calendar-url used to work: who calls, whether calendar sync is on, and an address that is
 * signed for this moment, another one at each call. It read nothing of the body.
 */
export default {
  fetch: (request: Request) => answering(() => link(request)),
};

async function link(request: Request): Promise<Response> {
  const secret = required("CALENDAR_HMAC_SECRET");
  const client = serviceClient();
  const { id } = await callerOf(client, request);
  const profile = must(
    await client.from("profiles").select("calendar_sync_enabled")
      .eq("id", id).single(),
  );
  if (!profile.calendar_sync_enabled) {
    const error = "Calendar sync is not enabled";
    return Response.json({ error }, { status: 400 });
  }
  const ts = Date.now();
  const mac = await crypto.subtle.sign(
    HMAC,
    await hmacKey(secret),
    new TextEncoder().encode(`${id}:${ts}`),
  );
  const sig = new Uint8Array(mac).toHex();
  return Response.json({
    url:
      `${supabaseUrl()}/functions/v1/calendar-feed?uid=${id}&ts=${ts}&sig=${sig}`,
  });
}
