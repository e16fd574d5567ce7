import { undecided } from "../../schema/undecided.ts";
import type { Rule } from "../script.ts";

/** What `deno task migration` leaves to a person has been decided on. */
export const decided: Rule = {
  name: "decided",
  find: (script) =>
    undecided([script]).map(({ line, text }) => ({ line, message: text })),
};
