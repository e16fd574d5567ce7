import { required } from "../../../supabase/functions/_shared/env.ts";

/**
 * A completion by the AI. The former function asked Google's, with a token that it signed and exchanged
 * first; here that is left out, and both ask the same one, on loopback.
 */
export async function complete(context: string): Promise<string> {
  const response = await fetch(
    `${required("AI_BASE_URL")}/chat/completions`,
    {
      method: "POST",
      headers: {
        Authorization: `Bearer ${required("AI_API_KEY")}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({
        model: required("AI_MODEL"),
        max_tokens: 150,
        temperature: 0.8,
        messages: [
          { role: "system", content: "Write one question to reflect upon." },
          { role: "user", content: context.slice(0, 8_000) },
        ],
      }),
    },
  );
  const answer = await response.json();
  if (!response.ok) throw new Error(`the AI answered ${response.status}`);
  return answer.choices[0].message.content;
}
