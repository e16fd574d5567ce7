import type ts from "typescript";
import { callersOf } from "./callers.ts";
import {
  type Choice,
  type Context,
  type Frame,
  type FunctionNode,
  openContext,
} from "./context.ts";
import { isReached } from "./origins.ts";
import type { Project } from "./project.ts";

/** In how many ways one call may be reached; of the rest nothing is known. */
const MAX_READINGS = 5_000;
/** How many calls up the arguments of a helper are followed. */
const MAX_CALLS = 4;

type Bindings = ReadonlyMap<FunctionNode, Frame>;

/** One of the ways in which a call may be read. */
interface Reading {
  readonly bindings: Bindings;
  readonly choice: Choice | undefined;
  /** The same for all the choices of one call. */
  readonly together?: object;
}

/** What a call is in one reading. */
export interface Read<It> {
  readonly it: It;
  readonly together?: object;
}

/**
 * Reads a call in every way in which it is reached: for each call of the helper that it stands in, and
 * for each of the names that what it reads may have.
 *
 * @param choicesIn the names of which only one is meant at a time
 */
export function readingsOf<It>(
  project: Project,
  call: ts.CallExpression | ts.TaggedTemplateExpression,
  read: (context: Context) => It | undefined,
  choicesIn: (context: Context, it: It) => readonly Choice[] = () => [],
): Read<It>[] {
  const all: Read<It>[] = [];
  const waiting: Reading[] = [{ bindings: new Map(), choice: undefined }];
  let isPassedOver = false;
  for (let readings = 0; readings < MAX_READINGS; readings++) {
    const reading = waiting.pop();
    if (!reading) break;
    const { bindings, choice, together } = reading;
    const context = openContext(project, bindings, choice);
    // the tests around the call are not taken for granted yet
    const reached = isReached(context, call, undefined);
    context.aside = undefined;
    const it = read(context);
    const more = bindings.size < MAX_CALLS && !choice
      ? callersToTell(project, context)
      : undefined;
    if (more) {
      const [fn, frames] = more;
      for (const frame of frames) {
        const entered = new Map([...bindings, [fn, frame]]);
        waiting.push({ bindings: entered, choice });
      }
      continue;
    }
    if (it === undefined) continue;
    const choices = choice ? [] : choicesIn(context, it);
    if (choices.length > 0) {
      const together = {};
      waiting.push(
        ...choices.map((choice) => ({ bindings, choice, together })).reverse(),
      );
    } else if (reached) all.push(together ? { it, together } : { it });
    else isPassedOver = true;
  }
  // what no call in sight comes to is judged as it stands
  if (waiting.length > 0 || (isPassedOver && all.length === 0)) {
    const it = read(openContext(project));
    if (it !== undefined) all.push({ it });
  }
  return all;
}

/** The innermost function met whose calls would tell more. */
function callersToTell(
  project: Project,
  { unbound, bindings }: Context,
): [FunctionNode, readonly Frame[]] | undefined {
  const all = [...unbound].filter((fn) => !bindings.has(fn))
    .toSorted((one, other) => one.end - one.pos - (other.end - other.pos));
  for (const fn of all) {
    const frames = callersOf(project, fn);
    if (frames.length > 0) return [fn, frames];
  }
  return undefined;
}
