import type {
  AccessOf,
  Authenticated,
  Authenticator,
  FunctionName,
} from "./access.ts";
import { inBackground } from "./background.ts";
import { readBytes, readInput, type Schema } from "./body.ts";
import { corsHeaders } from "./cors.ts";
import { DatabaseError } from "./database.ts";
import { CallError, ConfigurationError, Refusal } from "./errors.ts";
import { logAfterwards, logRequest } from "./log.ts";
import { Meter } from "./meter.ts";
import { VERSION } from "./version.ts";
import { BUNDLE } from "./bundle.ts";

/** What a handler is given. */
export interface Context<Caller, Input> {
  readonly request: Request;
  readonly url: URL;
  /** Who calls, as `authenticate` found out. */
  readonly caller: Caller;
  /** The validated body. */
  readonly input: Input;
  readonly now: Date;
  /** For every call of the database. */
  readonly meter: Meter;
  /**
   * Has something done when the answer is on its way. When it fails the answer stays as it was, and a line
   * of log says why.
   */
  readonly afterwards: (work: () => Promise<unknown>) => void;
}

/** How a function is called, and what it does. */
export interface Options<Name extends FunctionName, Caller, Input> {
  /** As in the registry, `_shared/access.ts`. */
  readonly name: Name;
  readonly methods: readonly string[];
  /** Largest body in bytes; 64 KiB without it. */
  readonly bodyLimit?: number;
  /** Settings without which nothing can be answered, checked first. @throws {ConfigurationError} */
  readonly configure?: () => void;
  /** Of the mode that the registry names for this function. */
  readonly authenticate?: Authenticator<AccessOf<Name>, Caller>;
  readonly input?: Schema<Input>;
  /** A response has to be of its own making: headers are added to it. */
  readonly handle: (
    context: Context<Caller, Input>,
  ) => Promise<Response | Refusal>;
  /**
   * `unavailable`: the code of every failure, for callers that drop what they have on anything else.
   * `internal_error`: a database that is away is a failure like any other.
   */
  readonly failsAs?: "unavailable" | "internal_error";
}

/** A function as the platform serves it. */
export interface Endpoint {
  readonly name: FunctionName;
  readonly fetch: (request: Request) => Promise<Response>;
  /** The same at a given time, and when all that comes afterwards is done: for tests. */
  readonly fetchAt: (request: Request, now: Date) => Promise<Response>;
}

/**
 * The one wrapper around every function: method, CORS, settings, authentication, body, errors to
 * responses, one line of log. Errors never leave it, and no error's message does.
 */
export function endpoint<
  Name extends FunctionName,
  Caller = undefined,
  Input = undefined,
>(options: Options<Name, Caller, Input> & Authenticated<Name>): Endpoint {
  return {
    name: options.name,
    fetch: async (request) => {
      const { response, rest } = await exchange(options, request, new Date());
      inBackground(rest());
      return response;
    },
    fetchAt: async (request, now) => {
      const { response, rest } = await exchange(options, request, now);
      await rest();
      return response;
    },
  };
}

interface Exchange {
  readonly response: Response;
  /** Does what the function wants done afterwards. Never throws. */
  readonly rest: () => Promise<void>;
}

async function exchange<Name extends FunctionName, Caller, Input>(
  options: Options<Name, Caller, Input>,
  request: Request,
  now: Date,
): Promise<Exchange> {
  const started = performance.now();
  const requestId = givenRequestId(request) ?? crypto.randomUUID();
  const meter = new Meter();
  const afterwards: (() => Promise<unknown>)[] = [];
  const { response, outcome, cause } = await answer(options, request, {
    now,
    meter,
    afterwards: (work) => afterwards.push(work),
  });
  logRequest({
    request_id: requestId,
    function: options.name,
    method: request.method,
    status: response.status,
    outcome,
    duration_ms: Math.round(performance.now() - started),
    database_ms: Math.round(meter.milliseconds),
    database_calls: meter.calls,
    ...(cause === undefined ? {} : { cause }),
  });
  return {
    response: withHeaders(response, {
      ...corsHeaders(request),
      "X-Request-Id": requestId,
      "X-Version": VERSION,
      ...(BUNDLE === undefined ? {} : { "X-Bundle": BUNDLE }),
    }),
    rest: async () => {
      if (afterwards.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve)); // the answer goes first
      for (const work of afterwards) {
        try {
          await work();
        } catch (error) {
          logAfterwards(requestId, options.name, causeOf(error));
        }
      }
    },
  };
}

/** In place: a response made anew would send its body in chunks, without a length. */
function withHeaders(
  response: Response,
  added: Record<string, string>,
): Response {
  for (const [name, value] of Object.entries(added)) {
    if (name === "Vary") response.headers.append(name, value);
    else response.headers.set(name, value);
  }
  return response;
}

interface Answer {
  readonly response: Response;
  readonly outcome: string;
  readonly cause?: string;
}

/** What a request brings along, whatever the function. */
type Surroundings = Pick<
  Context<unknown, unknown>,
  "now" | "meter" | "afterwards"
>;

async function answer<Name extends FunctionName, Caller, Input>(
  options: Options<Name, Caller, Input>,
  request: Request,
  surroundings: Surroundings,
): Promise<Answer> {
  const allow = [...options.methods, "OPTIONS"].join(", ");
  if (request.method === "OPTIONS") {
    return {
      response: new Response(null, { status: 200, headers: { Allow: allow } }),
      outcome: "ok",
    };
  }
  try {
    const result = options.methods.includes(request.method)
      ? await handle(options, request, surroundings)
      : new Refusal("method_not_allowed", undefined, { Allow: allow });
    if (result instanceof Refusal) {
      return { response: result.toResponse(), outcome: result.code };
    }
    return { response: result, outcome: "ok" };
  } catch (error) {
    const refusal = refusalFor(error, options.failsAs);
    return {
      response: refusal.toResponse(),
      outcome: refusal.code,
      cause: causeOf(error),
    };
  }
}

async function handle<Name extends FunctionName, Caller, Input>(
  options: Options<Name, Caller, Input>,
  request: Request,
  surroundings: Surroundings,
): Promise<Response | Refusal> {
  options.configure?.();
  const caller = await options.authenticate?.(request, surroundings.meter);
  if (caller instanceof Refusal) return caller;
  const input = options.input &&
    await readBodyAs(options.input, request, options.bodyLimit ?? 65_536);
  if (input instanceof Refusal) return input;
  // Where a function declares neither, Caller and Input are `undefined`, and so are these.
  return await options.handle({
    request,
    url: new URL(request.url),
    caller: caller as Caller,
    input: input as Input,
    ...surroundings,
  });
}

async function readBodyAs<Input>(
  schema: Schema<Input>,
  request: Request,
  limit: number,
) {
  const bytes = await readBytes(request, limit);
  return bytes instanceof Refusal ? bytes : await readInput(bytes, schema);
}

function refusalFor(
  error: unknown,
  failsAs: "unavailable" | "internal_error" | undefined,
): Refusal {
  if (failsAs === "unavailable") return unavailable();
  if (error instanceof ConfigurationError) {
    return new Refusal(error.code, error.sentence);
  }
  const isAway = error instanceof CallError && error.isAway;
  if (isAway && failsAs === undefined) return unavailable();
  if (error instanceof DatabaseError && error.isDisabledCaller) {
    return new Refusal("account_disabled");
  }
  return new Refusal("internal_error");
}

function unavailable(): Refusal {
  return new Refusal("unavailable", undefined, { "Retry-After": "60" });
}

/** Only our own errors have messages that are known to hold no data. */
function causeOf(error: unknown): string {
  if (error instanceof CallError || error instanceof ConfigurationError) {
    return error.message;
  }
  return error instanceof Error ? error.name : typeof error;
}

/** A caller's own id is kept when it looks like one, so that a trace can be followed through. */
function givenRequestId(request: Request): string | undefined {
  const id = request.headers.get("X-Request-Id");
  return id !== null && /^[\w-]{8,64}$/.test(id) ? id : undefined;
}
