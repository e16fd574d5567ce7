import type ts from "typescript";
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
  depth: number;
}

export function openContext(
  project: Project,
  bindings: ReadonlyMap<FunctionNode, Frame> = new Map(),
): Context {
  return {
    project,
    bindings,
    unbound: new Set(),
    known: new Map(),
    depth: 0,
  };
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

/** How many calls deep the code is read. */
export function depthOf(env: Env): number {
  let depth = 0;
  for (let frame = env; frame; frame = frame.callEnv) depth++;
  return depth;
}
