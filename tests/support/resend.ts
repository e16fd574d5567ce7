/** A mail that the stand-in has taken. */
export interface Delivered {
  id: string;
  from: string;
  to: string[];
  subject: string;
  html: string;
}

/** What the next request meets instead of being served. */
export interface Fault {
  status: number;
  name?: string;
  retryAfter?: number;
  /** The mail is taken, and the answer is lost. */
  taken?: true;
}

/** Stands in for Resend's `POST /emails` on loopback, as strict as the original. */
export interface ResendStandIn extends AsyncDisposable {
  readonly url: string;
  readonly delivered: Delivered[];
  /** The Idempotency-Key of each request, in order. */
  readonly keys: (string | null)[];
  /** Served in order, one a request. */
  readonly faults: Fault[];
}

const API_KEY = "re_test";

/** Starts a stand-in, and points the function in this process to it. */
export function startResend(): ResendStandIn {
  const delivered: Delivered[] = [];
  const faults: Fault[] = [];
  const keys: (string | null)[] = [];
  const taken = new Map<string, { payload: string; id: string }>();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      keys.push(request.headers.get("Idempotency-Key"));
      const fault = faults.shift();
      if (fault && !fault.taken) {
        return failure(fault.status, fault.name ?? "application_error", fault);
      }
      const answer = await serve(request);
      return fault ? failure(fault.status, "application_error", fault) : answer;
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  Deno.env.set("RESEND_API_KEY", API_KEY);
  Deno.env.set("RESEND_API_URL", url);
  Deno.env.set("EMAILS_PER_SECOND", "1000");
  return {
    url,
    delivered,
    keys,
    faults,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };

  async function serve(request: Request): Promise<Response> {
    if (
      request.method !== "POST" || new URL(request.url).pathname !== "/emails"
    ) {
      return failure(404, "not_found");
    }
    if (request.headers.get("Authorization") !== `Bearer ${API_KEY}`) {
      return failure(401, "missing_api_key");
    }
    const payload = await request.text();
    const mail: Omit<Delivered, "id"> = JSON.parse(payload);
    const { from, to, subject, html } = mail;
    const addresses = [from, ...to];
    if (
      !addresses.every((it) =>
        /^("[^"]*" |[^"<]* )?<?[^<>\s@]+@[^<>\s@]+>?$/.test(it)
      )
    ) {
      return failure(422, "validation_error");
    }
    if (!subject || /[\r\n]/.test(subject) || !html) {
      return failure(422, "missing_required_field");
    }
    const key = request.headers.get("Idempotency-Key");
    if (key === null || key.length > 256) {
      return failure(400, "invalid_idempotency_key");
    }
    const known = taken.get(key);
    if (known && known.payload !== payload) {
      return failure(409, "invalid_idempotent_request");
    }
    const id = known?.id ?? crypto.randomUUID();
    if (!known) {
      taken.set(key, { payload, id });
      delivered.push({ id, ...mail });
    }
    return Response.json({ id });
  }
}

function failure(
  statusCode: number,
  name: string,
  { retryAfter }: { retryAfter?: number } = {},
): Response {
  return Response.json({ statusCode, name, message: "secret" }, {
    status: statusCode,
    headers: retryAfter ? { "Retry-After": String(retryAfter) } : {},
  });
}
