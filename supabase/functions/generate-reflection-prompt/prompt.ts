import * as z from "zod/mini";
import type { Caller } from "../_shared/database.ts";
import { askForPrompt } from "./ai.ts";
import { fallbackPrompt, GENERAL, type PeriodType } from "./fallback.ts";

/** What begin_reflection_prompt says a prompt is to be made of. */
interface Start {
  readonly period_start: string | null;
  /** Null without the user's consent. */
  readonly context: unknown;
  readonly weakest_domain: string | null;
}

const SAVED = z.object({ prompt: z.json(), is_new: z.boolean() });

/**
 * Makes a prompt and saves it: the AI's with the user's consent, else, or when the AI has none, ours.
 *
 * @returns the prompt as it is stored, which is another call's where that one was first
 */
export async function makePrompt(
  database: Caller,
  start: Start,
  asked: { periodType: PeriodType; replace: boolean },
) {
  const { periodType, replace } = asked;
  if (start.period_start === null) {
    throw new TypeError("begin_reflection_prompt answered without a period");
  }
  const hasConsent = start.context !== null;
  const made = hasConsent
    ? await askForPrompt(start.context, periodType)
    : undefined;
  const ours = hasConsent
    ? fallbackPrompt(start.weakest_domain, periodType)
    : GENERAL[periodType];
  const saved = await database.call("save_reflection_prompt", {
    p_period_type: periodType,
    p_period_start: start.period_start,
    p_text: made ?? ours,
    p_source: made === undefined ? "fallback" : "ai",
    p_replace: replace,
  });
  return SAVED.parse(saved);
}

/** Prompts from before their source was kept are the AI's. */
export function sourceOf(prompt: unknown): "ai" | "fallback" {
  const marked = z.object({
    prompt_context: z.object({ source: z.literal("fallback") }),
  }).safeParse(prompt);
  return marked.success ? "fallback" : "ai";
}
