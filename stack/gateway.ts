import type { Auth } from "./auth/auth.ts";
import type { Functions } from "./functions/functions.ts";
import type { Lite } from "./lite.ts";

/** What stands behind the one port. */
export interface Services {
  rest: Lite;
  auth: Auth;
  functions: Functions;
}

const FUNCTION_PATH = /^\/functions\/v1(\/([^/?]+).*)$/;

/** Routes a request to the service its path names, as the platform's gateway does. */
export async function route(
  services: Services,
  request: Request,
  client: string,
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  try {
    if (pathname.startsWith("/rest/v1")) return await services.rest(request);
    if (pathname.startsWith("/auth/v1")) return await services.auth(request);
    const [, path, name] = FUNCTION_PATH.exec(pathname) ?? [];
    if (path && name) {
      const headers = forwarded(request, client);
      return await services.functions.fetch(
        name,
        path + search,
        request,
        headers,
      );
    }
    return Response.json({ message: "no Route matched with those values" }, {
      status: 404,
    });
  } catch (error) {
    console.error(error);
    return Response.json({ message: "An unexpected error occurred" }, {
      status: 500,
    });
  }
}

function forwarded(request: Request, client: string): Headers {
  const headers = new Headers(request.headers);
  const before = headers.get("x-forwarded-for");
  headers.set("x-forwarded-for", before ? `${before}, ${client}` : client);
  headers.set("x-forwarded-host", headers.get("host") ?? "");
  headers.set("x-forwarded-proto", "http");
  return headers;
}
