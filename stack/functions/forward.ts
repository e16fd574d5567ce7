import { type IncomingMessage, request as httpRequest } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream as NodeStream } from "node:stream/web";

/** Headers of one connection, not of the message (RFC 9110 §7.6.1). */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
]);

const BODILESS = new Set([101, 204, 205, 304]);

/**
 * Passes a request on to a port of this machine, and the answer back, byte for byte. Not with `fetch`:
 * that adds an Accept-Encoding of its own and decodes what comes back.
 */
export async function forward(
  request: Request,
  port: number,
  path: string,
  headers: Headers,
): Promise<Response> {
  const answer = await send(request, port, path, headers);
  const status = answer.statusCode ?? 502;
  const empty = BODILESS.has(status) || request.method === "HEAD";
  if (empty) answer.resume();
  const body = empty
    ? null
    : Readable.toWeb(answer) as ReadableStream<Uint8Array>;
  return new Response(body, {
    status,
    statusText: answer.statusMessage ?? "",
    headers: pairs(answer.rawHeaders).filter(([name]) =>
      !HOP_BY_HOP.has(name.toLowerCase())
    ),
  });
}

function send(
  request: Request,
  port: number,
  path: string,
  headers: Headers,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      agent: false, // a connection of its own: no kept one that the process closes meanwhile
      host: "127.0.0.1",
      port,
      path,
      method: request.method,
      headers: Object.fromEntries(
        [...headers].filter(([name]) => !HOP_BY_HOP.has(name)),
      ),
    }, resolve);
    outgoing.on("error", reject);
    request.signal.addEventListener("abort", () => outgoing.destroy());
    if (request.body) {
      Readable.fromWeb(request.body as NodeStream).pipe(outgoing);
    } else outgoing.end();
  });
}

function pairs(raw: string[]): [string, string][] {
  return raw.flatMap((name, at): [string, string][] =>
    at % 2 === 0 ? [[name, raw[at + 1] ?? ""]] : []
  );
}
