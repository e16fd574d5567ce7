import { createAuth } from "./auth/auth.ts";
import type { Config } from "./config.ts";
import { openDatabase } from "./database.ts";
import { StackError } from "./errors.ts";
import { Functions } from "./functions/functions.ts";
import { route } from "./gateway.ts";
import { createLite } from "./lite.ts";
import { preRequest } from "./pre_request.ts";

/** Where the stack listens, and nowhere else: its keys are public. */
const HOSTNAME = "127.0.0.1";

/** What to start. */
export interface StackOptions {
  port: number;
  db?: string | undefined;
  data?: string | undefined;
  seed: boolean;
  progress: (line: string) => void;
}

/** A running stack. */
export interface Stack {
  url: string;
  dbUrl: string | undefined;
  functions: string[];
  close(): Promise<void>;
}

/** Starts everything on one port. @throws {StackError} when the port, database or SQL is at fault */
export async function startStack(
  config: Config,
  options: StackOptions,
): Promise<Stack> {
  // The port is taken first, so that a second stack fails at once and before it touches a database.
  const ready = Promise.withResolvers<
    (request: Request, client: string) => Promise<Response>
  >();
  const server = listen(options.port, async (request, info) => {
    const answer = await ready.promise;
    return await answer(request, info.remoteAddr.hostname);
  });
  try {
    const database = await openDatabase({
      ...options,
      seed: options.seed ? undefined : false,
    });
    await preRequest(database);
    const url = `http://${HOSTNAME}:${server.addr.port}`;
    const lite = createLite(database, config);
    const functions = new Functions(config.functions, url, database.url);
    const services = {
      rest: lite,
      auth: createAuth(database, lite, config, url),
      functions,
    };
    ready.resolve((request, client) => route(services, request, client));
    return {
      url,
      dbUrl: database.url,
      functions: functions.names(),
      close: async () => {
        await functions.close();
        await server.shutdown();
        await database.close();
      },
    };
  } catch (error) {
    await server.shutdown();
    throw error;
  }
}

function listen(
  port: number,
  handler: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve(
      { hostname: HOSTNAME, port, onListen: () => {} },
      handler,
    );
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new StackError(
      `port ${port} is taken: stop what listens there or pass --port`,
    );
  }
}
