import ts from "typescript";
import type { Chain, Value } from "./chain.ts";
import { clientOf } from "./clients.ts";
import { choicesOf } from "./choices.ts";
import type { Choice, Context } from "./context.ts";
import { type Called, followQuery } from "./flow.ts";
import { premisesOf, withTests } from "./premises.ts";
import type { Project } from "./project.ts";
import { readingsOf } from "./readings.ts";
import {
  type Access,
  bare,
  calledName,
  isAccess,
  isWrapper,
  spanOf,
} from "./unit.ts";
import { valueOf } from "./values.ts";

const VERB = /^(?:select|insert|update|upsert|delete)$/;
const FUNCTION_NAME = /^[a-z_][a-z0-9_]*$/i;

/**
 * The chains that start at a call of `from` or `rpc`: none when its receiver is no client, several
 * when the function around it is a helper that is called in several ways.
 */
export function chainsAt(
  project: Project,
  kind: "from" | "rpc",
  start: ts.CallExpression,
): Chain[] {
  const callee = bare(start.expression);
  if (!isAccess(callee) || start.arguments.length === 0) return [];
  const chains = readingsOf(
    project,
    start,
    (context) => chainIn(context, kind, start, callee),
    (context, chain) =>
      chain.start.name.kind === "oneOf" ? choicesIn(context, start) : [],
  ).map(({ it, together }) => together ? { ...it, together } : it);
  return chains.length < 2 ? chains : distinct(chains);
}

function choicesIn(context: Context, start: ts.CallExpression): Choice[] {
  const [name] = start.arguments;
  return name ? choicesOf(context, name) : [];
}

function chainIn(
  context: Context,
  kind: "from" | "rpc",
  start: ts.CallExpression,
  callee: Access,
): Chain | undefined {
  const premises = premisesOf(start);
  context.premises = context.choice
    ? withTests(premises, context.choice.tests)
    : premises;
  const client = clientOf(context, callee.expression, undefined);
  if (client.verdict === "no") return undefined;
  const [nameNode, argsNode] = start.arguments;
  if (!nameNode) return undefined;
  const name = valueOf(context, nameNode, undefined);
  const args = kind === "rpc" && argsNode && !isUndefined(argsNode)
    ? valueOf(context, argsNode, undefined)
    : undefined;
  const flow = followQuery(context, start);
  const looksLikeOne = kind === "from"
    ? flow.steps.some(({ node }) => VERB.test(calledName(node) ?? ""))
    : isFunctionCall(name, args);
  if (client.verdict === "maybe" && !looksLikeOne) return undefined;
  const throws = flow.steps.some(({ node }) =>
    calledName(node) === "throwOnError"
  );
  return {
    client: {
      roles: client.roles ?? [],
      typed: isCastToAny(callee.expression) ? false : client.typed,
    },
    schema: client.schema,
    start: {
      kind,
      name,
      args,
      argSpans: start.arguments.map(spanOf),
      span: spanOf(nameOfAccess(callee)),
    },
    steps: flow.steps.map((called) => stepOf(context, called)),
    result: {
      error: throws ? "read" : flow.error,
      reads: flow.reads,
    },
  };
}

/** JSON-RPC and the like have an `rpc` too, which takes other names or a list. */
function isFunctionCall(name: Value, args: Value | undefined): boolean {
  return name.kind === "string" && FUNCTION_NAME.test(name.value) &&
    args?.kind !== "array";
}

/** `(client as any).from(…)`. */
function isCastToAny(node: ts.Expression): boolean {
  if (!isWrapper(node)) return false;
  return "type" in node && node.type.kind === ts.SyntaxKind.AnyKeyword ||
    isCastToAny(node.expression);
}

function isUndefined(node: ts.Node): boolean {
  return ts.isIdentifier(node) && node.text === "undefined";
}

function stepOf(context: Context, { node, env }: Called) {
  const callee = bare(node.expression);
  return {
    method: calledName(node) ?? "",
    methodSpan: spanOf(isAccess(callee) ? nameOfAccess(callee) : callee),
    args: node.arguments.map((argument): Value =>
      ts.isSpreadElement(argument)
        ? { kind: "unknown", span: spanOf(argument) }
        : valueOf(context, argument, env)
    ),
    argSpans: node.arguments.map(spanOf),
  };
}

function nameOfAccess(access: Access): ts.Node {
  return ts.isPropertyAccessExpression(access)
    ? access.name
    : access.argumentExpression;
}

/** Without those that differ in nothing that a rule sees. */
function distinct(chains: readonly Chain[]): Chain[] {
  const bySignature = new Map(chains.map((chain) => {
    const signature = JSON.stringify(
      chain,
      (key, value) =>
        key === "source"
          ? value.file
          : key === "argSpans" || key === "together"
          ? undefined
          : value,
    );
    return [signature, chain];
  }));
  return [...bySignature.values()];
}
