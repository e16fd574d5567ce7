import ts from "typescript";
import type { Invocation } from "./chain.ts";
import { clientOf } from "./clients.ts";
import type { Context } from "./context.ts";
import type { Project } from "./project.ts";
import { readingsOf } from "./readings.ts";
import { bare, isAccess, memberName, spanOf } from "./unit.ts";
import { valueOf } from "./values.ts";

/** What a call of `invoke` asks of edge functions: none where it is not that of a client's `functions`. */
export function invocationsAt(
  project: Project,
  call: ts.CallExpression,
): Invocation[] {
  return readingsOf(project, call, (context) => invocationIn(context, call))
    .map(({ it }) => it);
}

function invocationIn(
  context: Context,
  call: ts.CallExpression,
): Invocation | undefined {
  const callee = bare(call.expression);
  if (!isAccess(callee)) return undefined;
  const functions = bare(callee.expression);
  if (!isAccess(functions) || memberName(functions) !== "functions") {
    return undefined;
  }
  if (clientOf(context, functions.expression, undefined).verdict === "no") {
    return undefined;
  }
  const [name, options] = call.arguments;
  if (!name || ts.isSpreadElement(name)) return undefined;
  return {
    name: valueOf(context, name, undefined),
    options: options && valueOf(context, options, undefined),
    argSpans: call.arguments.map(spanOf),
    span: spanOf(call),
  };
}
