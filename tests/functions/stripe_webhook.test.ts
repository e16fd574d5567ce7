import { assert, assertEquals } from "@std/assert";
import Stripe from "stripe";
import webhook from "../../supabase/functions/stripe-webhook/index.ts";
import { must, unique } from "../support/rows.ts";
import { api, secretClient } from "../support/stack.ts";
import { stripeId } from "../support/stripe_account.ts";
import { webhookTest } from "../support/stripe_webhook.ts";

const db = secretClient();
const stripe = new Stripe("sk_test_signs_only");
const NOW = new Date("2026-06-01T12:00:00Z");
const SECRET = "whsec_current";

/** An event without an effect. */
function event(values: Record<string, unknown> = {}) {
  return JSON.stringify({
    id: stripeId("evt"),
    object: "event",
    api_version: "2026-10-28.endive",
    created: NOW.getTime() / 1000,
    type: "product.created",
    data: { object: { id: "prod_1", object: "product" } },
    ...values,
  });
}

/** The header of a body, signed so many seconds after NOW. */
async function signed(
  payload: string,
  { secret = SECRET, after = 0 }: { secret?: string; after?: number } = {},
): Promise<string> {
  return await stripe.webhooks.generateTestHeaderStringAsync({
    payload,
    secret,
    timestamp: NOW.getTime() / 1000 + after,
  });
}

/** Calls the function in this process, at NOW, with these settings. */
async function call(
  body: string,
  { signature, settings = {}, method = "POST" }: {
    signature?: string;
    settings?: Record<string, string>;
    method?: string;
  } = {},
) {
  const given: Record<string, string> = {
    SUPABASE_URL: api.url,
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: api.secretKey }),
    STRIPE_WEBHOOK_SECRET: SECRET,
    STRIPE_SECRET_KEY: "",
    ...settings,
  };
  const before = Object.keys(given).map((name) =>
    [name, Deno.env.get(name)] as const
  );
  for (const [name, value] of Object.entries(given)) Deno.env.set(name, value);
  try {
    const response = await webhook.fetchAt(
      new Request("http://localhost/stripe-webhook", {
        method,
        ...(method === "POST" ? { body } : {}),
        headers: signature === undefined
          ? {}
          : { "Stripe-Signature": signature },
      }),
      NOW,
    );
    return {
      status: response.status,
      headers: response.headers,
      body: await response.json(),
    };
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

async function isKept(body: string): Promise<boolean> {
  const rows = must(
    await db.from("stripe_events").select("id").eq("id", JSON.parse(body).id),
  );
  return rows.length === 1;
}

Deno.test("a signed event is taken in, and a second time it is a duplicate", async () => {
  const body = event();
  const signature = await signed(body);
  const first = await call(body, { signature });
  assertEquals([first.status, first.body], [200, {
    received: true,
    status: "ignored",
    outcome: "type_not_handled",
  }]);
  assert(await isKept(body));
  assertEquals((await call(body, { signature })).body.status, "duplicate");
});

Deno.test("while a secret is rotated both sign", async () => {
  const settings = { STRIPE_WEBHOOK_SECRET: " whsec_old , whsec_new," };
  for (const secret of ["whsec_old", "whsec_new"]) {
    const body = event();
    const signature = await signed(body, { secret });
    assertEquals((await call(body, { signature, settings })).status, 200);
  }
  const body = event();
  const signature = await signed(body);
  assertEquals((await call(body, { signature, settings })).status, 400);
});

Deno.test("a signature is of this body, by this secret, and of these minutes", async () => {
  const body = event();
  const cases: [what: string, signature: string | undefined, body: string][] = [
    ["none", undefined, body],
    ["empty", "", body],
    ["garbage", "v1=,t=", body],
    ["no time", (await signed(body)).replace(/^t=\d+/, "t=x"), body],
    ["another secret", await signed(body, { secret: "whsec_x" }), body],
    ["another body", await signed(event()), body],
    ["one byte more", await signed(body), `${body} `],
    ["old", await signed(body, { after: -301 }), body],
    ["from the future", await signed(body, { after: 301 }), body],
    ["no body", await signed(""), ""],
  ];
  for (const [what, signature, sent] of cases) {
    const { status, body: { code } } = await call(
      sent,
      signature === undefined ? {} : { signature },
    );
    assertEquals([status, code], [400, "invalid_signature"], what);
  }
  assert(!await isKept(body));
  for (const after of [-300, 300]) {
    const sent = event();
    const signature = await signed(sent, { after });
    assertEquals((await call(sent, { signature })).status, 200, `${after}`);
  }
});

Deno.test("what is signed but no snapshot event is refused", async () => {
  const cases: [body: string, code: string][] = [
    ["{", "invalid_json"],
    ["plain text", "invalid_json"],
    [event({ object: "v2.core.event" }), "thin_event"],
    ["[]", "invalid_request"],
    ["null", "invalid_request"],
    [event({ id: 42 }), "invalid_request"],
    [event({ created: "now" }), "invalid_request"],
    [event({ data: {} }), "invalid_request"],
  ];
  for (const [body, code] of cases) {
    const signature = await signed(body);
    const answer = await call(body, { signature });
    assertEquals([answer.status, answer.body.code], [400, code], body);
  }
});

Deno.test("without its secret the function answers 503 and names it", async () => {
  const body = event();
  for (const value of ["", " , "]) {
    const answer = await call(body, {
      signature: await signed(body),
      settings: { STRIPE_WEBHOOK_SECRET: value },
    });
    assertEquals([answer.status, answer.body], [503, {
      error: "STRIPE_WEBHOOK_SECRET is not set.",
      code: "setting_missing",
    }]);
  }
});

/** A refund of a payment that nobody knows: Stripe has to be asked what it was for. */
function unknownRefund() {
  const payment_intent = stripeId("pi");
  return event({
    type: "charge.refunded",
    data: {
      object: {
        id: stripeId("ch"),
        object: "charge",
        amount: 100,
        amount_refunded: 100,
        payment_intent,
      },
    },
  });
}

Deno.test("the key of Stripe's API is needed only where an object has to be fetched", async () => {
  const body = unknownRefund();
  const { status, body: { error } } = await call(body, {
    signature: await signed(body),
  });
  assertEquals([status, error], [503, "STRIPE_SECRET_KEY is not set."]);
  assert(!await isKept(body));
});

Deno.test("nothing is kept when Stripe does not answer", async () => {
  const body = unknownRefund();
  const key = unique("sk_test");
  const { status, body: answer } = await call(body, {
    signature: await signed(body),
    settings: {
      STRIPE_SECRET_KEY: key,
      STRIPE_API_URL: "http://127.0.0.1:9",
    },
  });
  assertEquals([status, answer.code], [500, "internal_error"]);
  assert(!JSON.stringify(answer).includes(key));
  assert(!await isKept(body));
});

Deno.test("a database that fails, or is away, is a 500", async () => {
  for (const status of [500, 503, 0]) {
    const server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      () => Response.json({ message: "secret" }, { status: status || 500 }),
    );
    const url = `http://127.0.0.1:${server.addr.port}`;
    if (status === 0) await server.shutdown();
    const body = event();
    const answer = await call(body, {
      signature: await signed(body),
      settings: { SUPABASE_URL: url },
    });
    if (status !== 0) await server.shutdown();
    assertEquals([answer.status, answer.body], [500, {
      error: "Internal server error",
      code: "internal_error",
    }]);
  }
});

webhookTest(
  "stripe-webhook takes POST, at most 1 MB of it",
  async ({ gateway }) => {
    const url = `${gateway.url}/functions/v1/stripe-webhook`;
    const get = await fetch(url);
    assertEquals([get.status, get.headers.get("Allow")], [
      405,
      "POST, OPTIONS",
    ]);
    assertEquals((await get.json()).code, "method_not_allowed");

    const room = 1024 * 1024 - event({ padding: "" }).length;
    for (const [more, status] of [[0, 200], [1, 413]] as const) {
      const body = event({ padding: "x".repeat(room + more) });
      assertEquals(body.length, 1024 * 1024 + more);
      assertEquals(await gateway.deliver(body), status);
    }
  },
);

webhookTest(
  "an event that needs nothing of Stripe's is one call of the database",
  async ({ gateway, api, account }) => {
    const subscription = account().tell("customer.subscription.updated", {
      id: stripeId("sub"),
      object: "subscription",
    });
    const [calls, asked] = [gateway.databaseCalls, api.calls.length];
    assertEquals(await gateway.deliver(subscription), 200);
    assertEquals(
      [gateway.databaseCalls - calls, api.calls.length - asked],
      [1, 0],
    );
  },
);
