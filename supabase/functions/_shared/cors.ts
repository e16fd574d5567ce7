import { siteUrl } from "./env.ts";

const PRODUCTION = "https://app.innotrue.com";
const PREVIEW_SUFFIX = ".innotrue-hub-live.pages.dev";

/** The CORS headers for a request: its Origin when it is one of ours, else production's. */
export function corsHeaders(request: Request): Record<string, string> {
  const origin = request.headers.get("Origin");
  return {
    "Access-Control-Allow-Origin": origin !== null && isOurs(origin)
      ? origin
      : PRODUCTION,
    "Access-Control-Allow-Headers":
      "authorization, x-client-info, apikey, content-type, x-request-id, x-request-timestamp, x-request-signature",
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Expose-Headers": "x-request-id, x-version",
    "Access-Control-Max-Age": "86400",
    Vary: "Origin",
  };
}

function isOurs(origin: string): boolean {
  if (origin === PRODUCTION || origin === siteUrl()) return true;
  if (origin === Deno.env.get("SUPABASE_URL")) return true;
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  if (protocol === "http:") return hostname === "localhost";
  return protocol === "https:" && hostname.endsWith(PREVIEW_SUFFIX);
}
