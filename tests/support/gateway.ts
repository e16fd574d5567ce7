import { createServer, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { readConfig } from "../../stack/config.ts";
import { Functions } from "../../stack/functions/functions.ts";
import { route } from "../../stack/gateway.ts";
import { api } from "./stack.ts";

/** What a test changes in the surroundings of the functions. */
export interface Surroundings {
  /** Set over the functions' own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Answers the functions' calls of the database. Passed on to the one under test without it. */
  readonly rest?: (request: Request) => Promise<Response>;
  /** Whether the connection breaks before this answer is sent. */
  readonly isLost?: (request: Request, response: Response) => boolean;
  /** Takes what the functions print, which nobody sees without it. */
  readonly prints?: (text: string) => void;
}

/** The functions behind a gateway of their own. */
export interface OwnGateway extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts the stack's own gateway a second time, in front of the Supabase under test: each function runs
 * as it always does, in a process of its own, and only its surroundings are the test's.
 */
export async function startOwnGateway(
  { env, rest = passOn, isLost = () => false, prints = () => {} }: Surroundings,
): Promise<OwnGateway> {
  const { functions: configs } = await readConfig();
  const server = createServer(async (incoming, outgoing) => {
    const request = await requestOf(incoming);
    const services = { rest, auth: passOn, functions };
    const response = await route(services, request, "127.0.0.1");
    const body = new Uint8Array(await response.arrayBuffer());
    if (isLost(request, response)) return outgoing.destroy();
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
    prints,
    env: { ...await credentials(), ...env },
  });
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      await functions.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** The keys of the Supabase under test, which need not be the stack's. */
async function credentials(): Promise<Record<string, string>> {
  const jwks = await fetch(`${api.url}/auth/v1/.well-known/jwks.json`);
  return {
    SUPABASE_JWKS: await jwks.text(),
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: api.publishableKey }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: api.secretKey }),
  };
}

/** Answers for the Supabase under test. */
export async function passOn(request: Request): Promise<Response> {
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
