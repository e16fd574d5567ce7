import { Refusal } from "./errors.ts";

/** What zod's schemas (and others) are to each other: https://standardschema.dev. */
export interface Schema<Output> {
  readonly "~standard": {
    readonly validate: (
      value: unknown,
    ) => Validation<Output> | Promise<Validation<Output>>;
  };
}

type Validation<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

interface Issue {
  readonly message: string;
  readonly path?:
    | readonly (PropertyKey | { readonly key: PropertyKey })[]
    | undefined;
}

/**
 * Reads a request's body, at most `limit` bytes of it whatever Content-Length claims.
 *
 * @returns the bytes, or a refusal with 413
 */
export async function readBytes(
  request: Request,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | Refusal> {
  const tooLarge = new Refusal(
    "payload_too_large",
    `The body is larger than ${limit} bytes.`,
  );
  if (Number(request.headers.get("Content-Length")) > limit) return tooLarge;
  if (request.body === null) return new Uint8Array();

  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) return tooLarge;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/**
 * Parses a body as JSON and validates it. An empty body counts as `{}`.
 *
 * @returns the schema's output, or a refusal with 400 that names the field
 */
export async function readInput<Output>(
  bytes: Uint8Array,
  schema: Schema<Output>,
): Promise<Output | Refusal> {
  let json: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    json = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    return new Refusal("invalid_json"); // the parser's message would quote the body
  }
  const result = await schema["~standard"].validate(json);
  return result.issues === undefined
    ? result.value
    : new Refusal("invalid_request", sentence(result.issues));
}

function sentence(issues: readonly Issue[]): string {
  return issues.map(({ path, message }) => {
    const field = path?.map((step) =>
      String(typeof step === "object" ? step.key : step)
    ).join(".");
    return field ? `${field}: ${message}` : message;
  }).join("; ");
}
