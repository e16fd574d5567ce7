import * as z from "zod/mini";
import { requireUser } from "../_shared/auth.ts";
import { asUser } from "../_shared/database.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { Refusal } from "../_shared/errors.ts";
import { aiSettings } from "./ai.ts";
import { makePrompt, sourceOf } from "./prompt.ts";

/**
 * `POST { periodType?: weekly | monthly, forceGenerate?: boolean }` as a signed-in user →
 * `{ prompt, isNew, source }`: the pending prompt of the period, or a new one. What is personal goes to
 * the AI with the user's consent only; without it, without an AI, or when the AI fails, the prompt is one
 * of ours (`source: fallback`).
 */
export default endpoint({
  name: "generate-reflection-prompt",
  methods: ["POST"],
  configure: () => void aiSettings(),
  authenticate: requireUser,
  input: z.object({
    periodType: z._default(z.enum(["weekly", "monthly"]), "weekly"),
    forceGenerate: z._default(z.boolean(), false),
  }),
  async handle(
    { caller, input: { periodType, forceGenerate: replace }, meter },
  ) {
    const database = asUser(caller.token, meter);
    const start = await database.call("begin_reflection_prompt", {
      p_period_type: periodType,
      p_force: replace,
    });
    if (start.code === "account_disabled") return new Refusal(start.code);
    if (start.code === "rate_limited") {
      return new Refusal(
        start.code,
        "A new prompt can be asked for five times a day.",
        { "Retry-After": "86400" },
      );
    }
    const { prompt, is_new } = start.code === "existing"
      ? { prompt: start.prompt, is_new: false }
      : await makePrompt(database, start, { periodType, replace });
    return Response.json({ prompt, isNew: is_new, source: sourceOf(prompt) });
  },
});
