import { callerOf } from "../_former/caller.ts";
import { answering, must, serviceClient } from "../_former/client.ts";
import { complete } from "./ai.ts";
import { readContext } from "./context.ts";

/**
 * How generate-reflection-prompt used to work: who calls, the pending prompt of the period and, where
 * there is none, six queries for what to ask about, the AI, and the new prompt. It asked for nobody's
 * consent.
 */
export default {
  fetch: (request: Request) => answering(() => prompt(request)),
};

async function prompt(request: Request): Promise<Response> {
  const client = serviceClient();
  const user = await callerOf(client, request);
  const { periodType = "weekly" } = await request.json();
  const now = new Date();
  const period = {
    user_id: user.id,
    period_type: periodType,
    period_start: startOf(periodType, now),
    status: "pending",
  };
  const pending = must(
    await client.from("generated_prompts").select().match(period).maybeSingle(),
  );
  if (pending) return Response.json({ prompt: pending, isNew: false });

  const context = await readContext(client, user.id, now);
  const saved = must(
    await client.from("generated_prompts").insert({
      ...period,
      prompt_text: await complete(JSON.stringify(context)),
      prompt_context: context,
    }).select().single(),
  );
  return Response.json({ prompt: saved, isNew: true });
}

/** The Monday of the week or the first of the month. */
function startOf(periodType: string, now: Date): string {
  const start = new Date(now);
  if (periodType === "weekly") {
    start.setUTCDate(now.getUTCDate() - (now.getUTCDay() + 6) % 7);
  } else {
    start.setUTCDate(1);
  }
  return start.toISOString().slice(0, 10);
}
