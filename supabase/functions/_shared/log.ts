/** What is known of a request when it ends. Nothing here may hold a secret, an address or a path. */
export interface RequestLine {
  readonly request_id: string;
  readonly function: string;
  readonly method: string;
  readonly status: number;
  /** Error code, or `ok`. */
  readonly outcome: string;
  /** Until the answer. */
  readonly duration_ms: number;
  /** Waiting for the database, also after the answer; its calls, added up. */
  readonly database_ms: number;
  readonly database_calls: number;
  /**
   * Name and code of the error behind a 5xx, or of what failed when the answer had been given; its message
   * may hold data and stays out.
   */
  readonly cause?: string;
}

/** Writes one line of JSON: to standard error where something failed, else to standard output. */
export function logRequest(line: RequestLine): void {
  const text = JSON.stringify(line);
  if (line.cause !== undefined) console.error(text);
  else console.log(text);
}

/**
 * Writes one line of JSON to standard error: another service failed, and something else answered for it.
 *
 * @param cause a status or the name of an error; its message may hold data and stays out
 */
export function logService(service: string, cause: string): void {
  console.error(JSON.stringify({ service, outcome: "failed", cause }));
}
