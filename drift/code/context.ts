import type ts from "typescript";
import type { Value } from "./chain.ts";
import type { Premises, Test } from "./premises.ts";
import type { Project } from "./project.ts";
import type { Path } from "./scopes.ts";

/** A function that has a body, or would have one. */
export type FunctionNode = ts.FunctionLikeDeclaration;

/** One call of a function: what its parameters stand for while it is read. */
export interface Frame {
  readonly fn: FunctionNode;
  /** Undefined where it is not known which argument it is, as after a spread. */
  readonly args: readonly (Located | undefined)[];
  /** Where the function was made: its outer variables. */
  readonly outer: Env;
  readonly call: ts.CallExpression | ts.NewExpression;
  readonly callEnv: Env;
}

/** The calls on the way to a node; undefined where no particular call is meant. */
export type Env = Frame | undefined;

/** An expression and the calls it stands in. */
export interface Located {
  readonly node: ts.Expression;
  readonly env: Env;
}

/**
 * Where a value comes from: a node that cannot be looked through (a literal, a call of something
 * unknown, a parameter, an import from elsewhere) and the path of members from there.
 */
export interface Origin {
  readonly node: ts.Node;
  readonly env: Env;
  readonly path: Path;
  /** The variables it went through on the way. */
  readonly via: readonly ts.Identifier[];
}

/** One reading of the code, in which chosen functions have been called in one particular way. */
export interface Context {
  readonly project: Project;
  readonly bindings: ReadonlyMap<FunctionNode, Frame>;
  /** Functions whose callers would tell more, as they were met. */
  readonly unbound: Set<FunctionNode>;
  readonly known: Map<Env, Map<ts.Node, readonly Origin[]>>;
  /** What members were found to be, by where they were looked for; empty while that goes on. */
  readonly members: Map<Env, Map<ts.Node, Map<string, readonly Origin[]>>>;
  readonly values: Map<Env, Map<ts.Node, Value>>;
  /** What holds while the query runs. */
  premises: Premises | undefined;
  /** Which of several names this reading takes. */
  readonly choice: Choice | undefined;
  depth: number;
  /** Steps taken; what takes too many is not known. */
  work: number;
  /** The same reading, for looks that ask for no further calls to be read. */
  aside: Context | undefined;
}

/** One of the names that a table may have, and what does not go with it. */
export interface Choice {
  readonly origin: Origin;
  readonly text: string;
  /** Code that only another of the names goes with. */
  readonly without: readonly ts.Node[];
  /** The tests that choose it. */
  readonly tests: readonly Test[];
  /** The key it has in an object, and those of the other names: other objects have the same. */
  readonly keys:
    | { readonly own: string; readonly others: ReadonlySet<string> }
    | undefined;
}

export function openContext(
  project: Project,
  bindings: ReadonlyMap<FunctionNode, Frame> = new Map(),
  choice?: Choice,
): Context {
  return {
    project,
    bindings,
    unbound: new Set(),
    known: new Map(),
    members: new Map(),
    values: new Map(),
    premises: undefined,
    choice,
    depth: 0,
    work: 0,
    aside: undefined,
  };
}

/** A context in which the same is read, and what is met stays unmentioned. */
export function asideOf(context: Context): Context {
  if (context.aside) return context.aside;
  const aside = openContext(context.project, context.bindings, context.choice);
  aside.aside = aside;
  aside.premises = context.premises;
  context.aside = aside;
  return aside;
}

/** Whether anything is known of the calls on the way to a node. */
export function isParticular(
  { bindings, choice, premises }: Context,
  env: Env,
): boolean {
  return env !== undefined || bindings.size > 0 || choice !== undefined ||
    premises !== undefined && premises.truths.size > 0;
}

/** How much one reading may take. */
const MAX_WORK = 200_000;

/** Counts one step; false once there have been too many. */
export function mayGoOn(context: Context): boolean {
  return ++context.work <= MAX_WORK;
}

/** Whether a function is being read within itself, further down than would tell anything. */
export function isRecursive(env: Env, fn: FunctionNode): boolean {
  let times = 0;
  for (let frame = env; frame; frame = frame.callEnv) {
    if (frame.fn === fn && ++times > 1) return true;
  }
  return false;
}

/** The call of a function that is being read, if any. */
export function frameOf(
  { bindings }: Context,
  fn: FunctionNode,
  env: Env,
): Frame | undefined {
  const inside = outward(env, fn) ?? bindings.get(fn);
  if (inside) return inside;
  for (const frame of bindings.values()) {
    const found = outward(frame, fn);
    if (found) return found;
  }
  return undefined;
}

function outward(env: Env, fn: FunctionNode): Frame | undefined {
  for (let frame = env; frame; frame = frame.outer) {
    if (frame.fn === fn) return frame;
  }
  return undefined;
}

/** Without those that are the same thing once more. */
export function distinct(origins: readonly Origin[]): readonly Origin[] {
  if (origins.length < 2) return origins;
  const byNode = new Map<ts.Node, Origin[]>();
  for (const origin of origins) {
    const same = byNode.get(origin.node);
    if (!same) byNode.set(origin.node, [origin]);
    else if (!same.some((it) => isSame(it, origin))) same.push(origin);
  }
  return [...byNode.values()].flat();
}

function isSame(one: Origin, other: Origin): boolean {
  return one.env === other.env && one.path.join() === other.path.join() &&
    one.via.length === other.via.length &&
    one.via.every((name, index) => name === other.via[index]);
}

/** How many calls deep the code is read. */
export function depthOf(env: Env): number {
  let depth = 0;
  for (let frame = env; frame; frame = frame.callEnv) depth++;
  return depth;
}
