import ts from "typescript";
import type { Env } from "./context.ts";
import { passToCallback } from "./flow_calls.ts";
import {
  awaited,
  type Carry,
  elementOf,
  escape,
  type Flow,
  follow,
  read,
  tellsOfError,
  under,
} from "./flow.ts";
import {
  type Access,
  isAccess,
  isWrapper,
  memberName,
  spanOf,
} from "./unit.ts";

/** Methods that hand elements to a callback, by the parameters that get them. */
const CALLBACKS: Readonly<Record<string, readonly number[]>> = {
  map: [0],
  flatMap: [0],
  forEach: [0],
  filter: [0],
  find: [0],
  findIndex: [0],
  findLast: [0],
  findLastIndex: [0],
  some: [0],
  every: [0],
  reduce: [1],
  reduceRight: [1],
  sort: [0, 1],
  toSorted: [0, 1],
};
/** Methods that give the same rows, or some of them. */
const SAME = new Set([
  "filter",
  "slice",
  "sort",
  "toSorted",
  "reverse",
  "toReversed",
  "concat",
]);
/** Methods that give one of the rows. */
const ONE = new Set(["find", "findLast", "at", "pop", "shift"]);
/** Other methods that only an array has. */
const OF_ARRAYS = new Set([
  "push",
  "unshift",
  "splice",
  "flat",
  "join",
  "keys",
]);

/** Goes on from `value.member` or `value[index]`. */
export function accessTo(
  flow: Flow,
  access: Access,
  carry: Carry,
  env: Env,
): void {
  const call = callOf(access);
  const name = memberName(access);
  switch (carry.as) {
    case "builder":
      return call && name !== undefined
        ? onBuilder(flow, call, name, env)
        : escape(flow, carry);
    case "result":
      return onResult(flow, access, call, name, env);
    case "list":
      return onList(flow, access, call, name, carry, env);
    case "data":
      return onData(flow, access, call, name, carry, env);
  }
}

/** The call of a member: `a.b` in `a.b()`. */
function callOf(access: Access): ts.CallExpression | undefined {
  let node: ts.Node = access;
  while (isWrapper(node.parent)) node = node.parent;
  const { parent } = node;
  return ts.isCallExpression(parent) && parent.expression === node
    ? parent
    : undefined;
}

function onBuilder(
  flow: Flow,
  call: ts.CallExpression,
  name: string,
  env: Env,
): void {
  const carry: Carry = { as: "builder" };
  if (name === "then") return then(flow, call, carry, env);
  if (name === "catch" || name === "finally") {
    return follow(flow, call, awaited(carry), env);
  }
  // call upon call, however many: nothing else can happen to the query between them
  let last = call;
  for (
    let next: Next | undefined = { call, name };
    next;
    next = nextCall(last)
  ) {
    flow.steps.push({ node: next.call, env });
    last = next.call;
  }
  follow(flow, last, carry, env);
}

interface Next {
  readonly call: ts.CallExpression;
  readonly name: string;
}

/** The call right after a call that gives the query again. */
function nextCall(call: ts.CallExpression): Next | undefined {
  let node: ts.Node = call;
  while (isWrapper(node.parent)) node = node.parent;
  const { parent } = node;
  if (!isAccess(parent) || parent.expression !== node) return undefined;
  const name = memberName(parent);
  const next = callOf(parent);
  if (!next || name === undefined || ENDS.test(name)) return undefined;
  return { call: next, name };
}

/** Methods of promises. */
const ENDS = /^(?:then|catch|finally)$/;

function then(
  flow: Flow,
  call: ts.CallExpression,
  carry: Carry,
  env: Env,
): void {
  const [handler] = call.arguments;
  if (!handler) return follow(flow, call, awaited(carry), env);
  if (!passToCallback(flow, call, handler, [0], awaited(carry), env)) {
    escape(flow, carry);
  }
}

function onResult(
  flow: Flow,
  access: Access,
  call: ts.CallExpression | undefined,
  name: string | undefined,
  env: Env,
): void {
  const carry: Carry = { as: "result" };
  if (name === "data") {
    return follow(flow, access, { as: "data", path: [] }, env);
  }
  if (name !== undefined && tellsOfError(name)) {
    if (!ts.isExpressionStatement(access.parent)) flow.error = "read";
    return;
  }
  if (name === "then" && call) return then(flow, call, carry, env);
  if ((name === "catch" || name === "finally") && call) {
    return follow(flow, call, carry, env);
  }
  if (name === "count") return;
  escape(flow, carry);
}

function onList(
  flow: Flow,
  access: Access,
  call: ts.CallExpression | undefined,
  name: string | undefined,
  carry: Extract<Carry, { as: "list" }>,
  env: Env,
): void {
  if (call && name) {
    const parameters = CALLBACKS[name];
    const [callback] = call.arguments;
    if (parameters && callback) {
      passToCallback(flow, call, callback, parameters, carry.of, env);
    } else escape(flow, carry);
    if (SAME.has(name)) follow(flow, call, { ...carry, index: undefined }, env);
    return;
  }
  if (name === "length") return;
  const index = indexOf(access);
  if (index === undefined || carry.index === undefined) {
    return index === undefined
      ? escape(flow, carry)
      : follow(flow, access, carry.of, env);
  }
  if (index === carry.index) follow(flow, access, carry.of, env);
}

function onData(
  flow: Flow,
  access: Access,
  call: ts.CallExpression | undefined,
  name: string | undefined,
  carry: Extract<Carry, { as: "data" }>,
  env: Env,
): void {
  const index = indexOf(access);
  if (index !== undefined) {
    const span = spanOf(
      ts.isElementAccessExpression(access) ? access.argumentExpression : access,
    );
    return follow(
      flow,
      access,
      under(carry, String(index), "element", span),
      env,
    );
  }
  if (name === undefined) return read(flow, carry);
  const span = nameSpan(access);
  if (name === "length" && !call) {
    return read(flow, under(carry, name, "element", span));
  }
  if (!call) {
    return follow(flow, access, under(carry, name, "property", span), env);
  }
  const parameters = CALLBACKS[name];
  const isOfArrays = parameters !== undefined || SAME.has(name) ||
    ONE.has(name) || OF_ARRAYS.has(name);
  if (!isOfArrays || name === "concat" || name === "at") {
    return read(flow, carry); // a method of strings and the like
  }
  const element = elementOf(carry, name, span) ?? carry;
  const [callback] = call.arguments;
  if (!parameters || !callback) read(flow, element);
  else if (
    !passToCallback(flow, call, callback, parameters, element, env)
  ) read(flow, element);
  if (SAME.has(name)) follow(flow, call, carry, env);
  if (ONE.has(name)) follow(flow, call, element, env);
}

function nameSpan(access: Access) {
  return spanOf(
    ts.isPropertyAccessExpression(access)
      ? access.name
      : access.argumentExpression,
  );
}

function indexOf(access: Access): number | undefined {
  return ts.isElementAccessExpression(access) &&
      ts.isNumericLiteral(access.argumentExpression)
    ? Number(access.argumentExpression.text)
    : undefined;
}
