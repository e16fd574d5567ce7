import ts from "typescript";
import { depthOf, type Env, frameOf, type FunctionNode } from "./context.ts";
import { bindTo } from "./flow_binding.ts";
import {
  awaited,
  type Carry,
  escape,
  type Flow,
  follow,
  read,
} from "./flow.ts";
import {
  callTakingInline,
  frameFor,
  isAsync,
  isFunction,
  namesOfFunction,
} from "./functions.ts";
import { functionsOf } from "./origins.ts";
import { bare, calledName, isAccess } from "./unit.ts";

const COMBINING = /^(?:all|allSettled)$/;
/** Methods of arrays that give a list of what their callback returns. */
const MAPPING = /^(?:map|flatMap)$/;

/** Goes on into the function that a value is an argument of. */
export function passTo(
  flow: Flow,
  call: ts.CallExpression,
  argument: ts.Node,
  carry: Carry,
  env: Env,
): void {
  const name = calledName(call) ?? "";
  const callee = bare(call.expression);
  if (
    COMBINING.test(name) && isAccess(callee) &&
    callee.expression.getText() === "Promise"
  ) {
    // allSettled wraps each result once more, which is out of sight
    return name === "all" && carry.as === "list"
      ? follow(flow, call, { ...carry, of: awaited(carry.of) }, env)
      : escape(flow, carry);
  }
  const index = call.arguments.findIndex((it) => it === argument);
  let entered = false;
  for (const origin of functionsOf(flow.context, call.expression, env)) {
    const { node: fn } = origin;
    if (!isFunction(fn) || depthOf(env) > 8) continue;
    const parameter = fn.parameters[index];
    if (!parameter || parameter.dotDotDotToken) continue;
    entered = true;
    const frame = frameFor(fn, origin.env, call, env);
    bindTo(flow, parameter.name, carry, frame);
  }
  if (entered) return;
  read(flow, carry);
  escape(flow, carry);
}

/** Goes on in a callback's parameters; false when the callback is out of sight. */
export function passToCallback(
  flow: Flow,
  call: ts.CallExpression,
  callback: ts.Expression,
  parameters: readonly number[],
  carry: Carry,
  env: Env,
): boolean {
  let entered = false;
  for (const { node: fn } of functionsOf(flow.context, callback, env)) {
    if (!isFunction(fn)) continue;
    entered = true;
    for (const index of parameters) {
      const parameter = fn.parameters[index];
      if (parameter) {
        // what an inline callback returns goes to the call that takes it
        const inside = callTakingInline(fn)?.call === call
          ? env
          : frameFor(fn, undefined, call, env);
        bindTo(flow, parameter.name, carry, inside);
      }
    }
  }
  return entered;
}

/** Goes on where a function that returns the value was called. */
export function returnFrom(
  flow: Flow,
  fn: FunctionNode,
  carry: Carry,
  env: Env,
): void {
  const returned = isAsync(fn) ? awaited(carry) : carry;
  const frame = frameOf(flow.context, fn, env);
  if (frame) return follow(flow, frame.call, returned, frame.callEnv);
  const taking = callTakingInline(fn);
  if (taking) {
    const name = calledName(taking.call) ?? "";
    if (name === "then") {
      return follow(flow, taking.call, awaited(returned), env);
    }
    if (MAPPING.test(name) && returned.as !== "data") {
      const list: Carry = { as: "list", index: undefined, of: returned };
      return follow(flow, taking.call, list, env);
    }
    if (name === "forEach") return;
  }
  if (returned.as === "builder" && namesOfFunction(fn).length > 0) {
    flow.context.unbound.add(fn);
  }
  read(flow, returned);
  escape(flow, returned);
}
