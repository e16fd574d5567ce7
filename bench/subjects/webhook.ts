import type { Send } from "../contest.ts";
import type { Subject } from "../subject.ts";
import { besideFormer } from "./beside.ts";

/** A function that a webhook calls. */
interface Webhook<World> {
  readonly name: string;
  /** The kind of event that is delivered. */
  readonly event: string;
  /** Makes what all deliveries share. */
  given(): Promise<World>;
  /** Makes a delivery of an event of its own, signed, to the function of this name. */
  delivery(name: string, world: World): Promise<Send>;
}

/** The function beside its stand-in, with one event at a time and with eight at once. */
export function webhook<World>(
  { name, event, given, delivery }: Webhook<World>,
): Subject {
  return {
    name,
    async *contests({ progress }) {
      const world = await given();
      for (const parallel of [1, 8]) {
        progress(`${name}: ${parallel} at once`);
        yield besideFormer({
          subject: name,
          size: `${parallel} at once`,
          name: event,
          parallel,
          prepare: (to) => delivery(to, world),
        });
      }
    },
  };
}
