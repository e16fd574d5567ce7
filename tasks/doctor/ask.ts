/** A function on its first request starts first. */
const TIMEOUT_MS = 20_000;

/** What was answered, as far as it matters. */
export interface Answer {
  /** 0 when there was none. */
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Asks, and makes an answer of everything: one that is no JSON has no body, one that failed the status 0. */
export async function ask(url: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { status, headers } = response;
    return { status, headers, body: parsed(await response.text()) };
  } catch {
    return { status: 0, headers: new Headers(), body: undefined };
  }
}

/** The code in an error's body, ours, PostgREST's or the platform's. */
export function codeOf({ body }: Answer): string {
  const code: unknown = typeof body === "object" && body !== null
    ? Reflect.get(body, "code")
    : undefined;
  return typeof code === "string" && /^\w{1,40}$/.test(code) ? code : "";
}

/** An answer in words. */
export function inWords(answer: Answer): string {
  return answer.status === 0
    ? "no answer"
    : `${answer.status} ${codeOf(answer)}`.trimEnd();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
