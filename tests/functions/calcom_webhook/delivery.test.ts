import { assert, assertEquals } from "@std/assert";
import webhook from "../../../supabase/functions/calcom-webhook/index.ts";
import { bodyOf, givenBookable, post, sign } from "../../support/calcom.ts";
import { must, only, unique } from "../../support/rows.ts";
import { api, secretClient } from "../../support/stack.ts";

const db = secretClient();
const FIXTURES = new URL("../../fixtures/calcom/", import.meta.url);

Deno.test("calcom-webhook refuses what is not signed, whatever it says of its secret, and keeps nothing of it", async () => {
  const uid = unique("uid");
  const body = JSON.stringify(bodyOf({ uid }));
  for (
    const signature of [
      "",
      "no-secret-provided",
      "0".repeat(64),
      (await sign(body)).toUpperCase(),
      `sha256=${await sign(body)}`,
      await sign(body, "another secret"),
      await sign(`${body} `),
    ]
  ) {
    const response = await post(body, { "X-Cal-Signature-256": signature });
    assertEquals(response.status, 401, signature);
    assertEquals(await response.json(), {
      error: "Invalid signature",
      code: "unauthorized",
    });
  }
  const unsigned = await fetch(`${api.url}/functions/v1/calcom-webhook`, {
    method: "POST",
    body,
  });
  assertEquals(unsigned.status, 401);
  await unsigned.body?.cancel();
  assertEquals(await logOf(uid), []);
});

Deno.test("calcom-webhook answers 503 and names the variable while no secret is configured, signed or not", async () => {
  for (const secret of [undefined, "", " , "]) {
    const response = await withSecrets(secret, await sign("{}", "x"), "{}");
    assertEquals(response.status, 503);
    assertEquals(await response.json(), {
      error: "CALCOM_WEBHOOK_SECRET is not set.",
      code: "setting_missing",
    });
  }
  const provided = await withSecrets(undefined, "no-secret-provided", "{}");
  assertEquals(provided.status, 503);
});

Deno.test("calcom-webhook takes each of several secrets, so that one can be rotated", async () => {
  const ping = await Deno.readTextFile(new URL("ping.json", FIXTURES));
  for (const secret of ["old secret", "new secret"]) {
    const signature = await sign(ping, secret);
    const response = await withSecrets(
      "old secret, new secret",
      signature,
      ping,
    );
    assertEquals(response.status, 200, secret);
  }
  const gone = await withSecrets(
    "new secret",
    await sign(ping, "old secret"),
    ping,
  );
  assertEquals(gone.status, 401);
});

Deno.test("calcom-webhook answers Cal.com's test button with 200", async () => {
  const response = await post(
    await Deno.readTextFile(new URL("ping.json", FIXTURES)),
  );
  assertEquals(response.status, 200);
  assertEquals(await response.json(), {
    success: true,
    processed: false,
    event: "PING",
  });
});

Deno.test("calcom-webhook takes every kind of event in Cal.com's own words", async () => {
  for await (const { name } of Deno.readDir(FIXTURES)) {
    const text = await Deno.readTextFile(new URL(name, FIXTURES));
    // uids of this run: the same event a second time is a duplicate
    const response = await post(
      text.replaceAll(/"(\w*[uU]id)": "(\w+)"/g, `"$1": "$2${unique("")}"`),
    );
    assertEquals(response.status, 200, name);
    assertEquals((await response.json()).success, true);
  }
});

Deno.test("calcom-webhook refuses more than 256 KB before it looks at anything", async () => {
  const limit = 256 * 1024;
  const exactly = JSON.stringify({ filler: "x".repeat(limit - 13) });
  assertEquals(exactly.length, limit);
  assertEquals((await post(exactly)).status, 422);
  assertEquals((await post(`${exactly} `)).status, 413);
});

Deno.test("calcom-webhook refuses bodies of another shape, and keeps why and the names of their keys alone", async () => {
  const marker = unique("key").replaceAll("-", "_");
  const body = JSON.stringify({
    triggerEvent: "FORM_SUBMITTED",
    createdAt: new Date().toISOString(),
    payload: { secret: "of somebody" },
    [marker]: "jdoe@example.com",
    "Jane Doe": 1,
  });
  const response = await post(body);
  assertEquals(response.status, 422);
  assertEquals((await response.json()).code, "unsupported_payload");
  const row = only(must(
    await db.from("calcom_webhook_logs")
      .select("event_type, payload, status, error_message, processed")
      .contains("payload", { keys: [marker] }),
  ));
  assertEquals(row.payload, {
    keys: ["triggerEvent", "createdAt", "payload", marker],
  });
  assertEquals(
    [row.event_type, row.status, row.processed],
    ["FORM_SUBMITTED", "refused", false],
  );
  assert(row.error_message?.startsWith("uid: "));
});

Deno.test("calcom-webhook refuses a booking without a time, without an end after its start, or that is no JSON", async () => {
  const body = bodyOf({ uid: unique("uid") });
  const { startTime } = body.payload;
  for (
    const text of [
      JSON.stringify({ ...body, createdAt: "yesterday" }),
      JSON.stringify({ ...body, payload: { ...body.payload, startTime: "" } }),
      JSON.stringify({
        ...body,
        payload: { ...body.payload, endTime: startTime },
      }),
      JSON.stringify({
        ...body,
        payload: { ...body.payload, uid: "a\u0000b" },
      }),
      "name=Jane&when=tomorrow",
      "\ufffe",
      "null",
      "[]",
    ]
  ) {
    const response = await post(text);
    assertEquals(response.status, 422, text);
    await response.body?.cancel();
  }
});

Deno.test("calcom-webhook answers an event it has no use for, and a second delivery, with 200", async () => {
  const { common } = await givenBookable();
  const paid = JSON.stringify(bodyOf({ ...common, trigger: "BOOKING_PAID" }));
  const answer = await (await post(paid)).json();
  assertEquals([answer.processed, answer.status], [false, "ignored"]);

  const created = JSON.stringify(bodyOf(common));
  const first = await (await post(created)).json();
  const second = await (await post(created)).json();
  assertEquals([first.status, second.status], ["booked", "duplicate"]);
  assertEquals(second.session_id, first.session_id);
});

Deno.test("the inbox keeps a delivery without names and addresses, for 30 days", async () => {
  const { client, coach, common } = await givenBookable();
  const uid = unique("uid");
  await (await post(JSON.stringify(bodyOf({ ...common, uid })))).body?.cancel();
  const row = only(await logOf(uid));
  const text = JSON.stringify(row);
  for (const personal of [client.email, coach.email, "Doe", "Pro Example"]) {
    assertEquals(text.includes(personal), false, personal);
  }
  assertEquals([row.status, row.processed], ["booked", true]);

  must(
    await db.from("calcom_webhook_logs").update({
      created_at: new Date(Date.now() - 31 * 86_400_000).toISOString(),
    }).eq("booking_uid", uid).select(),
  );
  must(await db.rpc("cleanup_old_webhook_logs", {}));
  assertEquals(await logOf(uid), []);
});

Deno.test("calcom-webhook answers 503 while the database is away, and nothing is kept", async () => {
  const { common } = await givenBookable();
  const uid = unique("uid");
  const body = JSON.stringify(bodyOf({ ...common, uid }));
  const response = await withSecrets(
    "a secret",
    await sign(body, "a secret"),
    body,
    "http://127.0.0.1:9",
  );
  assertEquals(response.status, 503);
  assertEquals(await logOf(uid), []);
});

async function logOf(uid: string) {
  return must(
    await db.from("calcom_webhook_logs").select().eq("booking_uid", uid),
  );
}

/** The function in this process, with other secrets than the stack's. */
async function withSecrets(
  secrets: string | undefined,
  signature: string,
  body: string,
  databaseUrl = api.url,
): Promise<Response> {
  const before = Deno.env.get("CALCOM_WEBHOOK_SECRET");
  setOrDelete("CALCOM_WEBHOOK_SECRET", secrets);
  Deno.env.set("SUPABASE_URL", databaseUrl);
  Deno.env.set(
    "SUPABASE_SECRET_KEYS",
    JSON.stringify({ default: api.secretKey }),
  );
  try {
    return await webhook.fetch(
      new Request("http://localhost/calcom-webhook", {
        method: "POST",
        headers: { "X-Cal-Signature-256": signature },
        body,
      }),
    );
  } finally {
    setOrDelete("CALCOM_WEBHOOK_SECRET", before);
    Deno.env.set("SUPABASE_URL", api.url);
  }
}

function setOrDelete(name: string, value: string | undefined): void {
  if (value === undefined) Deno.env.delete(name);
  else Deno.env.set(name, value);
}
