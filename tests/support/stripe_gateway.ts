import { createServer, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import Stripe from "stripe";
import { readConfig } from "../../stack/config.ts";
import { Functions } from "../../stack/functions/functions.ts";
import { route } from "../../stack/gateway.ts";
import type { StripeEvent } from "./stripe_account.ts";
import { api } from "./stack.ts";

/** What may go wrong on the way, asked at each request. */
export interface Faults {
  /** Between the function and the database: not passed on, or done and then the answer lost. */
  database?: () => "refused" | "failed after" | "dropped after" | undefined;
  /** Between the function and Stripe: done, and the connection breaks before the answer. */
  answer?: () => boolean;
}

/** stripe-webhook behind a gateway of its own. */
export interface Gateway extends AsyncDisposable {
  readonly url: string;
  /** How often the function has called the database. */
  databaseCalls: number;
  /** Delivers once, signed now. The status, or 0 when the connection broke. */
  deliver(event: StripeEvent | string): Promise<number>;
  /** Delivers until it is taken, as Stripe does. How many deliveries that took. */
  deliverUntilTaken(event: StripeEvent): Promise<number>;
}

const WEBHOOK_SECRET = "whsec_of_the_tests";
/** More than any sequence of faults of the tests; Stripe tries for three days. */
const MAX_ATTEMPTS = 30;

const stripe = new Stripe("sk_test_signs_only");

/**
 * A connection for each delivery: on a kept one that breaks, `fetch` tries again by itself, and the test
 * would not know.
 */
const apart = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });

/** The header of a delivery, by stripe's own helper. */
export async function signatureOf(
  payload: string,
  secret = WEBHOOK_SECRET,
): Promise<string> {
  return await stripe.webhooks.generateTestHeaderStringAsync({
    payload,
    secret,
  });
}

/**
 * Starts the stack's own gateway a second time, in front of the database under test: the function runs
 * as it always does, in a process of its own, and only its surroundings are the test's.
 */
export async function startGateway(
  stripeApiUrl: string,
  { database = () => undefined, answer = () => false }: Faults = {},
): Promise<Gateway> {
  const { functions: configs } = await readConfig();
  const dropped = new WeakSet<Response>();
  const server = createServer(async (incoming, outgoing) => {
    const request = await requestOf(incoming);
    const services = { rest, auth: passOn, functions };
    const response = await route(services, request, "127.0.0.1");
    const body = new Uint8Array(await response.arrayBuffer());
    const isLost = dropped.has(response) ||
      (request.url.includes("/functions/v1/") && answer());
    if (isLost) return outgoing.destroy();
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(body);
  });
  await new Promise<void>((listening) =>
    server.listen(0, "127.0.0.1", listening)
  );
  const address = server.address();
  if (typeof address !== "object") throw new Error("a gateway on no port");
  const url = `http://127.0.0.1:${address?.port}`;
  const functions = new Functions(configs, url, api.dbUrl, {
    prints: "null",
    env: {
      STRIPE_API_URL: stripeApiUrl,
      STRIPE_SECRET_KEY: "sk_test_of_the_tests",
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    },
  });

  const gateway: Gateway = {
    url,
    databaseCalls: 0,
    deliver: (event) => deliver(url, event),
    deliverUntilTaken: async (event) => {
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
        const status = await deliver(url, event);
        if (status >= 200 && status < 300) return attempt;
        // what Stripe tries again may not succeed unchanged
        if (status >= 400 && status < 500) {
          throw new Error(`${event.type} is refused: ${status}`);
        }
      }
      throw new Error(`${event.type} is never taken`);
    },
    [Symbol.asyncDispose]: async () => {
      await functions.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return gateway;

  async function rest(request: Request): Promise<Response> {
    gateway.databaseCalls++;
    const fault = database();
    if (fault === "refused") {
      await request.body?.cancel();
      return Response.json({ message: "no connection" }, { status: 503 });
    }
    const response = await passOn(request);
    if (fault === "dropped after") dropped.add(response);
    if (fault !== "failed after") return response;
    await response.body?.cancel();
    return Response.json({ code: "57P01", message: "gone" }, { status: 500 });
  }
}

/** Answers for the Supabase under test. */
async function passOn(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const response = await fetch(api.url + pathname + search, {
    method: request.method,
    headers: request.headers,
    body: await request.arrayBuffer(),
  });
  return new Response(await response.arrayBuffer(), {
    status: response.status,
    headers: { "Content-Type": response.headers.get("Content-Type") ?? "" },
  });
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const { method = "GET", url = "/", headers } = incoming;
  const body = new Uint8Array(
    await new Response(Readable.toWeb(incoming)).arrayBuffer(),
  );
  return new Request(`http://${headers.host}${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]),
    body: body.length > 0 ? body : undefined,
  });
}

async function deliver(
  url: string,
  event: StripeEvent | string,
): Promise<number> {
  const payload = typeof event === "string" ? event : JSON.stringify(event);
  try {
    const response = await fetch(`${url}/functions/v1/stripe-webhook`, {
      method: "POST",
      headers: { "Stripe-Signature": await signatureOf(payload) },
      body: payload,
      client: apart,
    });
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    if (error instanceof TypeError) return 0;
    throw error;
  }
}
