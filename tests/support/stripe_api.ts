import type { ApiObject } from "./stripe_account.ts";

/** A stand-in for Stripe's API on loopback: reads only, as strict as the original. */
export interface StripeApi extends AsyncDisposable {
  readonly url: string;
  /** What there is, by id. */
  readonly objects: Map<string, ApiObject>;
  /** Each call so far, as `GET /v1/subscriptions/sub_…`. */
  readonly calls: string[];
}

/** The collections that can be read by id, and what is in them. */
const BY_ID: Record<string, string> = {
  "/v1/subscriptions": "subscription",
  "/v1/invoices": "invoice",
  "/v1/checkout/sessions": "checkout.session",
  "/v1/charges": "charge",
  "/v1/disputes": "dispute",
  "/v1/invoice_payments": "invoice_payment",
};

/** The collections that can be listed: by which parameters, each the path of a property. */
const LISTS: Record<string, Record<string, string[]>> = {
  "/v1/invoice_payments": {
    invoice: ["invoice"],
    "payment[type]": ["payment", "type"],
    "payment[payment_intent]": ["payment", "payment_intent"],
    status: ["status"],
  },
  "/v1/checkout/sessions": {
    payment_intent: ["payment_intent"],
    subscription: ["subscription"],
  },
  "/v1/charges": {
    payment_intent: ["payment_intent"],
    customer: ["customer"],
  },
  "/v1/invoices": {
    subscription: ["parent", "subscription_details", "subscription"],
  },
};

/** Starts one. Without `isDown` it never fails. */
export function startStripeApi(isDown: () => boolean = () => false): StripeApi {
  const objects = new Map<string, ApiObject>();
  const calls: string[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => {
      const url = new URL(request.url);
      calls.push(`${request.method} ${url.pathname}${url.search}`);
      const key = request.headers.get("Authorization");
      if (!key?.startsWith("Bearer sk_")) {
        return failure(401, { message: "You did not provide an API key." });
      }
      if (isDown()) return failure(500, { type: "api_error", message: "Down" });
      if (request.method !== "GET") return unrecognized(request.method, url);
      return list(objects, url) ?? one(objects, url) ??
        unrecognized(request.method, url);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    objects,
    calls,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function one(
  objects: Map<string, ApiObject>,
  { pathname, searchParams }: URL,
): Response | undefined {
  const at = pathname.lastIndexOf("/");
  const kind = BY_ID[pathname.slice(0, at)];
  if (kind === undefined) return undefined;
  const id = pathname.slice(at + 1);
  const [parameter] = searchParams.keys();
  if (parameter !== undefined) return unknownParameter(parameter);
  const object = objects.get(id);
  if (object?.object === kind) return Response.json(object);
  return failure(404, {
    code: "resource_missing",
    param: "id",
    message: `No such ${kind.replace(".", " ")}: '${id}'`,
  });
}

function list(
  objects: Map<string, ApiObject>,
  { pathname, searchParams }: URL,
): Response | undefined {
  const filters = LISTS[pathname];
  if (filters === undefined) return undefined;
  const { limit = "10", ...given } = Object.fromEntries(searchParams);
  const wrong = Object.keys(given).find((name) => filters[name] === undefined);
  if (wrong !== undefined) return unknownParameter(wrong);
  const found = [...objects.values()].filter((object) =>
    object.object === BY_ID[pathname] &&
    Object.entries(given).every(([name, value]) =>
      at(object, filters[name] ?? []) === value
    )
  );
  const data = found.slice(0, Number(limit));
  return Response.json({
    object: "list",
    url: pathname,
    has_more: found.length > data.length,
    data,
  });
}

function at(value: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null
        ? Reflect.get(inner, name)
        : undefined,
    value,
  );
}

function unknownParameter(name: string): Response {
  return failure(400, {
    code: "parameter_unknown",
    param: name,
    message: `Received unknown parameter: ${name}`,
  });
}

function unrecognized(method: string, { pathname }: URL): Response {
  return failure(404, {
    message: `Unrecognized request URL (${method}: ${pathname}).`,
  });
}

/** Stripe's form of an error; its library takes a body without `error` for a success. */
function failure(status: number, error: Record<string, string>): Response {
  return Response.json({
    error: { type: "invalid_request_error", ...error },
  }, { status });
}
