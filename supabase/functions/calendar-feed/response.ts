import { acceptsGzip, etag, gzip, matches } from "./http.ts";

/** What a body is made of: the rows, by their fingerprint, and the form they are rendered in. */
export interface Version {
  readonly fingerprint: string | null;
  readonly variant: string;
  /** When the newest row changed; null where there is none. */
  readonly modifiedAt: string | null;
}

/** 200 with the calendar, compressed where the client takes it; 304 when it has this one already. */
export async function calendar(
  request: Request,
  version: Version,
  render: () => string,
): Promise<Response> {
  const headers = headersFor(request, version);
  if (matches(request.headers.get("If-None-Match"), headers.ETag)) {
    return notModified(request, version);
  }
  headers["Content-Type"] = "text/calendar; charset=utf-8";
  headers["Content-Disposition"] = 'inline; filename="innotruehub.ics"';
  const compressed = acceptsGzip(request.headers.get("Accept-Encoding"));
  if (compressed) headers["Content-Encoding"] = "gzip";
  if (request.method === "HEAD") return new Response(null, { headers });
  const text = render();
  return new Response(compressed ? await gzip(text) : text, { headers });
}

/** 304, with the headers that a 200 would carry (RFC 9110 §15.4.5). */
export function notModified(request: Request, version: Version): Response {
  return new Response(null, {
    status: 304,
    headers: headersFor(request, version),
  });
}

function headersFor(
  request: Request,
  { fingerprint, variant, modifiedAt }: Version,
) {
  if (fingerprint === null) {
    throw new TypeError("calendar_feed answered without a fingerprint");
  }
  const encoding = acceptsGzip(request.headers.get("Accept-Encoding"))
    ? "gzip"
    : undefined;
  const headers: Record<string, string> & { ETag: string } = {
    ETag: etag(fingerprint, variant, encoding),
    "Cache-Control": "private, max-age=300",
    Vary: "Accept-Encoding",
  };
  if (modifiedAt !== null) {
    headers["Last-Modified"] = new Date(modifiedAt).toUTCString();
  }
  return headers;
}
