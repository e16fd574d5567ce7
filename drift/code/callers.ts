import ts from "typescript";
import {
  type Context,
  type Frame,
  type FunctionNode,
  openContext,
} from "./context.ts";
import { frameFor, functionAround, namesOfFunction } from "./functions.ts";
import { originsOf } from "./origins.ts";
import type { Project } from "./project.ts";
import { declarationOf } from "./scopes.ts";
import { isMocked, isWrapper, unitOf } from "./unit.ts";

interface Callers {
  readonly context: Context;
  readonly known: Map<FunctionNode, readonly Frame[]>;
}

/** By the age of the project. */
const callers = new WeakMap<object, Callers>();

/** Every call of a function in the given files, each as a way to read it. */
export function callersOf(
  project: Project,
  fn: FunctionNode,
): readonly Frame[] {
  let found = callers.get(project.age);
  if (!found) {
    found = { context: openContext(project), known: new Map() };
    callers.set(project.age, found);
  }
  let frames = found.known.get(fn);
  if (!frames) {
    frames = search(project, found.context, fn);
    found.known.set(fn, frames);
  }
  return frames;
}

function search(
  project: Project,
  context: Context,
  fn: FunctionNode,
): Frame[] {
  const frames: Frame[] = [];
  const calls = new Set<ts.CallExpression>(
    namesOfFunction(fn).flatMap((name) => callsOf(project, fn, name)),
  );
  for (const call of calls) {
    if (isMocked(unitOf(call).source)) continue;
    if (isAnother(call, fn) || isWithin(call, fn)) continue;
    for (const origin of originsOf(context, call.expression, undefined)) {
      if (origin.node === fn && origin.path.length === 0) {
        frames.push(frameFor(fn, origin.env, call, undefined));
        break;
      }
    }
  }
  return frames;
}

/** The calls of a name; of `make()`, those of what its calls return. */
function callsOf(
  project: Project,
  fn: FunctionNode,
  name: string,
): readonly ts.CallExpression[] {
  if (!name.endsWith("()")) {
    return name === "default"
      ? project.callsOfDefault(unitOf(fn).source)
      : project.callsOf(name);
  }
  return callsOf(project, fn, name.slice(0, -2)).flatMap((call) => {
    let node: ts.Node = call;
    while (isWrapper(node.parent)) node = node.parent;
    const { parent } = node;
    if (ts.isCallExpression(parent) && parent.expression === node) {
      return [parent];
    }
    return (ts.isVariableDeclaration(parent) ||
        ts.isPropertyAssignment(parent) ||
        ts.isPropertyDeclaration(parent)) && "text" in parent.name
      ? project.callsOf(parent.name.text)
      : [];
  });
}

/** Whether a call is of a function of its own file, and not of this one; to be told at a glance. */
function isAnother({ expression }: ts.CallExpression, fn: FunctionNode) {
  if (!ts.isIdentifier(expression)) return false;
  const declaration = declarationOf(expression);
  return declaration === undefined ||
    (declaration.kind === "function" && declaration.node !== fn);
}

function isWithin(node: ts.Node, fn: FunctionNode): boolean {
  for (let at = functionAround(node); at; at = functionAround(at)) {
    if (at === fn) return true;
  }
  return false;
}
