import ts from "typescript";
import { declarationOf, referencesTo } from "./scopes.ts";
import { type Access, isAccess, memberName } from "./unit.ts";

/** What is done to an object or array after it is made and given a name. */
export interface Mutations {
  /** `row.name = value` */
  readonly properties: readonly {
    readonly name: ts.Node;
    readonly key: string;
    readonly value: ts.Expression;
  }[];
  /** `rows.push(value)` */
  readonly pushed: readonly ts.Expression[];
  /** `delete row.name` */
  readonly removed: ReadonlySet<string>;
  /** Whether more may be done to it: `row[name] = value`, `Object.assign(row, …)`. */
  readonly open: boolean;
}

const known = new WeakMap<ts.Identifier, Mutations>();

/** Reads every use of a variable. */
export function mutationsOf(name: ts.Identifier): Mutations {
  let found = known.get(name);
  if (!found) known.set(name, found = collect(name));
  return found;
}

function collect(name: ts.Identifier): Mutations {
  const properties: Mutations["properties"][number][] = [];
  const pushed: ts.Expression[] = [];
  const removed = new Set<string>();
  let open = false;
  const declaration = declarationOf(name);
  for (const use of declaration ? referencesTo(declaration, name) : []) {
    const { parent } = use;
    if (!isAccess(parent) || parent.expression !== use) {
      open ||= isAssigned(use);
      continue;
    }
    const key = memberName(parent);
    const outer = parent.parent;
    if (
      ts.isBinaryExpression(outer) && outer.left === parent &&
      outer.operatorToken.kind === ts.SyntaxKind.EqualsToken
    ) {
      if (key === undefined) open = true;
      else {
        properties.push({ name: nameNode(parent), key, value: outer.right });
      }
    } else if (
      ts.isCallExpression(outer) && outer.expression === parent &&
      (key === "push" || key === "unshift")
    ) {
      open ||= outer.arguments.some(ts.isSpreadElement);
      pushed.push(...outer.arguments);
    } else if (ts.isDeleteExpression(outer)) {
      open = true;
      if (key !== undefined) removed.add(key);
    }
  }
  return { properties, pushed, removed, open };
}

function nameNode(access: Access): ts.Node {
  return ts.isPropertyAccessExpression(access)
    ? access.name
    : access.argumentExpression;
}

/** The first argument of `Object.assign`. */
function isAssigned(use: ts.Identifier): boolean {
  const { parent } = use;
  return ts.isCallExpression(parent) && parent.arguments[0] === use &&
    parent.expression.getText() === "Object.assign";
}
