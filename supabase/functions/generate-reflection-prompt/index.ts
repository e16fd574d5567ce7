import * as z from "zod/mini";
import { requireUser } from "../_shared/auth.ts";
import { asUser } from "../_shared/database.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { Refusal } from "../_shared/errors.ts";
import { aiSettings, askForPrompt } from "./ai.ts";
import { fallbackPrompt, GENERAL } from "./fallback.ts";

const PERIODS = ["weekly", "monthly"] as const;

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
    periodType: z._default(z.enum(PERIODS), "weekly"),
    forceGenerate: z._default(z.boolean(), false),
  }),
  async handle({ caller, input: { periodType, forceGenerate }, now }) {
    const database = asUser(caller.token);
    const start = await database.call("begin_reflection_prompt", {
      p_period_type: periodType,
      p_force: forceGenerate,
      p_now: now.toISOString(),
    });
    switch (start.code) {
      case "existing":
        return Response.json({
          prompt: start.prompt,
          isNew: false,
          source: sourceOf(start.prompt),
        });
      case "account_disabled":
        return new Refusal("account_disabled");
      case "rate_limited":
        return new Refusal(
          "rate_limited",
          "A new prompt can be asked for five times a day.",
          { "Retry-After": "86400" },
        );
    }
    if (start.period_start === null) {
      throw new TypeError("begin_reflection_prompt answered without a period");
    }
    const made = start.context === null
      ? undefined
      : await askForPrompt(start.context, periodType);
    const ours = start.context === null
      ? GENERAL[periodType]
      : fallbackPrompt(start.weakest_domain, periodType);
    const saved = await database.call("save_reflection_prompt", {
      p_period_type: periodType,
      p_period_start: start.period_start,
      p_text: made ?? ours,
      p_source: made === undefined ? "fallback" : "ai",
      p_replace: forceGenerate,
      p_now: now.toISOString(),
    });
    const { prompt, is_new } = SAVED.parse(saved);
    return Response.json({ prompt, isNew: is_new, source: sourceOf(prompt) });
  },
});

const SAVED = z.object({ prompt: z.json(), is_new: z.boolean() });

/** Prompts from before this column was used are the AI's. */
function sourceOf(prompt: unknown): "ai" | "fallback" {
  const marked = z.object({
    prompt_context: z.object({ source: z.literal("fallback") }),
  }).safeParse(prompt);
  return marked.success ? "fallback" : "ai";
}
