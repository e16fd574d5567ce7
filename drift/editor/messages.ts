import { Buffer } from "node:buffer";

/** A message of JSON-RPC, as the Language Server Protocol frames it. */
export interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
}

const HEAD_END = "\r\n\r\n";

/** The messages in a stream of bytes. What is no message ends it. */
export async function* messagesIn(
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<Message> {
  let waiting = Buffer.alloc(0);
  for await (const chunk of input) {
    waiting = Buffer.concat([waiting, chunk]);
    for (;;) {
      const end = waiting.indexOf(HEAD_END);
      if (end < 0) break;
      const head = waiting.subarray(0, end).toString("ascii");
      const [, length] = /^content-length: *(\d+)/im.exec(head) ?? [];
      if (length === undefined) throw new Error("a message without its length");
      const start = end + HEAD_END.length;
      const stop = start + Number(length);
      if (waiting.length < stop) break;
      yield JSON.parse(waiting.subarray(start, stop).toString("utf8"));
      waiting = waiting.subarray(stop);
    }
  }
}

/** A message as bytes. */
export function framed(message: object): Uint8Array {
  const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
  const head = Buffer.from(`Content-Length: ${body.length}${HEAD_END}`);
  return Buffer.concat([head, body]);
}
