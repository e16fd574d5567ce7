import ts from "typescript";
import type { Chain, Value } from "./chain.ts";
import { callersOf } from "./callers.ts";
import { clientOf } from "./clients.ts";
import { choicesOf } from "./choices.ts";
import {
  type Choice,
  type Context,
  type Frame,
  type FunctionNode,
  openContext,
} from "./context.ts";
import { type Called, followQuery } from "./flow.ts";
import { isReached } from "./origins.ts";
import { premisesOf, withTests } from "./premises.ts";
import type { Project } from "./project.ts";
import {
  type Access,
  bare,
  calledName,
  isAccess,
  isWrapper,
  spanOf,
} from "./unit.ts";
import { valueOf } from "./values.ts";

/** In how many ways one call may be reached; of the rest nothing is known. */
const MAX_READINGS = 5_000;
/** How many calls up the arguments of a helper are followed. */
const MAX_CALLS = 4;

const VERB = /^(?:select|insert|update|upsert|delete)$/;
const FUNCTION_NAME = /^[a-z_][a-z0-9_]*$/i;

type Bindings = ReadonlyMap<FunctionNode, Frame>;

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
  const chains: Chain[] = [];
  const waiting: Reading[] = [{ bindings: new Map(), choice: undefined }];
  let isPassedOver = false;
  for (let readings = 0; readings < MAX_READINGS; readings++) {
    const reading = waiting.pop();
    if (!reading) break;
    const { bindings, choice } = reading;
    const context = openContext(project, bindings, choice);
    // the tests around the query are not taken for granted yet
    const reached = isReached(context, start, undefined);
    context.aside = undefined;
    const chain = chainIn(context, kind, start, callee);
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
    if (!chain) continue;
    const choices = choice || chain.start.name.kind !== "oneOf"
      ? []
      : choicesIn(context, start);
    if (choices.length > 0) {
      const together = {};
      waiting.push(
        ...choices.map((choice) => ({ bindings, choice, together }))
          .reverse(),
      );
    } else if (reached) {
      chains.push(
        reading.together ? { ...chain, together: reading.together } : chain,
      );
    } else isPassedOver = true;
  }
  // what no call in sight comes to is judged as it stands
  if (waiting.length > 0 || (isPassedOver && chains.length === 0)) {
    const chain = chainIn(openContext(project), kind, start, callee);
    if (chain) chains.push(chain);
  }
  return chains.length < 2 ? chains : distinct(chains);
}

/** One of the ways in which a query may be read. */
interface Reading {
  readonly bindings: Bindings;
  readonly choice: Choice | undefined;
  /** The same for all the choices of one query. */
  readonly together?: object;
}

function choicesIn(context: Context, start: ts.CallExpression): Choice[] {
  const [name] = start.arguments;
  return name ? choicesOf(context, name) : [];
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
