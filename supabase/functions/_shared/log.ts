/** What is known of a request when it ends. Nothing here may hold a secret, an address or a path. */
export interface RequestLine {
  readonly request_id: string;
  readonly function: string;
  readonly method: string;
  readonly status: number;
  /** Error code, or `ok`. */
  readonly outcome: string;
  readonly duration_ms: number;
  /** Of that, waiting for the database; its calls, added up. */
  readonly database_ms: number;
  readonly database_calls: number;
  /** Name and code of the error behind a 5xx; its message may hold data and stays out. */
  readonly cause?: string;
}

/** Writes one line of JSON: to standard error for a 5xx, else to standard output. */
export function logRequest(line: RequestLine): void {
  const text = JSON.stringify(line);
  if (line.status >= 500) console.error(text);
  else console.log(text);
}

/**
 * Writes one line of JSON to standard error: what a function does after its answer failed.
 *
 * @param requestId that of the request's own line
 * @param cause name and code of the error; its message may hold data and stays out
 */
export function logAfterwards(
  requestId: string,
  name: string,
  cause: string,
): void {
  console.error(
    JSON.stringify({
      request_id: requestId,
      function: name,
      outcome: "failed_afterwards",
      cause,
    }),
  );
}

/**
 * Writes one line of JSON to standard error: another service failed, and something else answered for it.
 *
 * @param cause a status or the name of an error; its message may hold data and stays out
 */
export function logService(service: string, cause: string): void {
  console.error(JSON.stringify({ service, outcome: "failed", cause }));
}
