import { readConfig } from "../stack/config.ts";
import { Functions } from "../stack/functions/functions.ts";
import { route } from "../stack/gateway.ts";
import type { Contestant } from "./contest.ts";

/** A second gateway before a Supabase, which counts what its functions ask of REST and Auth. */
export interface CountingGateway extends AsyncDisposable {
  readonly url: string;
  /** How many requests one measurement of it makes. */
  callsOf(contestant: Pick<Contestant, "prepare">): Promise<number>;
}

/**
 * Starts one in front of the Supabase at `api`. Apart from the measurements, which the way through it
 * would lengthen.
 */
export async function startCounting(api: string): Promise<CountingGateway> {
  const { functions: configs } = await readConfig();
  let calls = 0;
  const count = (request: Request) => {
    calls++;
    return passOn(request, api);
  };
  const server: Deno.HttpServer<Deno.NetAddr> = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request, { remoteAddr }) =>
      route(
        { rest: count, auth: count, functions },
        request,
        remoteAddr.hostname,
      ),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const functions = new Functions(configs, url, undefined, {
    prints: () => {},
  });
  return {
    url,
    async callsOf({ prepare }) {
      const send = await prepare();
      calls = 0;
      await send(url);
      return calls;
    },
    async [Symbol.asyncDispose]() {
      await functions.close();
      await server.shutdown();
    },
  };
}

async function passOn(request: Request, api: string): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const response = await fetch(api + pathname + search, {
    method: request.method,
    headers: request.headers,
    body: request.body && await request.bytes(),
  });
  // a 204 and its like take no body, not even an empty one
  return new Response(response.body && await response.bytes(), {
    status: response.status,
    headers: { "Content-Type": response.headers.get("Content-Type") ?? "" },
  });
}
