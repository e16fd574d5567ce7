import { type CalcomEvent, readEvent } from "./event.ts";
import { envelopeSchema } from "./payload.ts";

/** A signed body: an event, the test button's, or something else, of which the reason and keys are kept. */
export type Delivery =
  | { readonly event: CalcomEvent }
  | { readonly ping: true }
  | {
    readonly reason: string;
    readonly trigger?: string;
    readonly keys: string[];
  };

/** Reads a signed body. Reasons name fields, and never quote what is in them. */
export function readDelivery(body: Uint8Array): Delivery {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return { reason: "not JSON", keys: [] };
  }
  const trigger = triggerOf(json);
  if (trigger === "PING") return { ping: true };

  const envelope = envelopeSchema.safeParse(json);
  const event = envelope.success
    ? readEvent(envelope.data)
    : { refused: envelope.error };
  if (!("refused" in event)) return { event };
  return {
    reason: event.refused.issues
      .map(({ path, message }) => `${path.map(String).join(".")}: ${message}`)
      .join("; "),
    trigger,
    keys: keysOf(json),
  };
}

function triggerOf(json: unknown): string | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const trigger: unknown = Reflect.get(json, "triggerEvent");
  return typeof trigger === "string" && /^[A-Z_]{1,100}$/.test(trigger)
    ? trigger
    : undefined;
}

/** At most fifty names, each of letters: a template can put anything anywhere, names of people too. */
function keysOf(json: unknown): string[] {
  if (typeof json !== "object" || json === null) return [];
  return Object.keys(json).filter((key) => /^\w{1,50}$/.test(key)).slice(0, 50);
}
