/** What the stand-in was asked. */
export interface Asked {
  model: string;
  system: string;
  user: string;
}

/** Stands in for an OpenAI-compatible endpoint on loopback, as strict as the original. */
export interface AiStandIn extends AsyncDisposable {
  readonly asked: Asked[];
  /** Served in order, one a request; after that, a good prompt. */
  readonly answers: (() => Response | Promise<Response>)[];
}

export const GOOD =
  "What would change for you if you trusted yourself with this decision?";

/** A completion with this content. */
export function completion(content: unknown): Response {
  return Response.json({
    choices: [{ message: { role: "assistant", content } }],
  });
}

/** Starts a stand-in, and points the function in this process to it. */
export function startAi(): AiStandIn {
  const asked: Asked[] = [];
  const answers: AiStandIn["answers"] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      if (
        new URL(request.url).pathname !== "/v1/chat/completions" ||
        request.headers.get("Authorization") !== "Bearer ai-key"
      ) {
        return Response.json({ error: { message: "secret" } }, { status: 401 });
      }
      const { model, messages } = await request.json();
      const [system, user] = messages;
      asked.push({ model, system: system.content, user: user.content });
      return await (answers.shift() ?? (() => completion(GOOD)))();
    },
  );
  Deno.env.set("AI_API_KEY", "ai-key");
  Deno.env.set("AI_BASE_URL", `http://127.0.0.1:${server.addr.port}/v1`);
  Deno.env.set("AI_MODEL", "a-model");
  return {
    asked,
    answers,
    async [Symbol.asyncDispose]() {
      Deno.env.delete("AI_API_KEY");
      await server.shutdown();
    },
  };
}
