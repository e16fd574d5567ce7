/** What the stand-in was asked. */
export interface Asked {
  model: string;
  system: string;
  user: string;
}

/** Stands in for an OpenAI-compatible endpoint on loopback, as strict as the original. */
export interface AiStandIn extends AsyncDisposable {
  /** The settings that point a function to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly asked: Asked[];
  /** Served in order, one a request; after that, a good prompt. */
  readonly answers: Answer[];
}

/** An answer of the stand-in, which ends with the test at the latest. */
export type Answer = (
  asked: Asked,
  end: Promise<void>,
) => Response | Promise<Response>;

export const GOOD =
  "What would change for you if you trusted yourself with this decision?";

/** A completion with this content. */
export function completion(content: unknown): Response {
  return Response.json({
    choices: [{ message: { role: "assistant", content } }],
  });
}

/** No answer. */
export const never: Answer = (_, end) => end.then(() => new Response());

/** An answer that begins, and never ends. */
export const endless: Answer = () =>
  new Response(
    new ReadableStream({
      start: (controller) =>
        controller.enqueue(new TextEncoder().encode('{"choices": [')),
    }),
    { headers: { "Content-Type": "application/json" } },
  );

/** Starts a stand-in. */
export function startAi(): AiStandIn {
  const asked: Asked[] = [];
  const answers: Answer[] = [];
  const end = Promise.withResolvers<void>();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      if (
        request.method !== "POST" ||
        new URL(request.url).pathname !== "/v1/chat/completions" ||
        request.headers.get("Authorization") !== "Bearer ai-key" ||
        request.headers.get("Content-Type") !== "application/json"
      ) {
        return Response.json({ error: { message: "secret" } }, { status: 401 });
      }
      const { model, messages } = await request.json();
      const [system, user] = messages;
      const it = { model, system: system.content, user: user.content };
      asked.push(it);
      const answer = answers.shift() ?? (() => completion(GOOD));
      return await answer(it, end.promise);
    },
  );
  return {
    env: {
      AI_API_KEY: "ai-key",
      AI_BASE_URL: `http://127.0.0.1:${server.addr.port}/v1`,
      AI_MODEL: "a-model",
    },
    asked,
    answers,
    async [Symbol.asyncDispose]() {
      end.resolve();
      await server.shutdown();
    },
  };
}
