import ts from "typescript";
import { accessPath, nameOf } from "../code/members.ts";
import { declarationOf, referencesTo } from "../code/scopes.ts";
import {
  bare,
  calledName,
  isAccess,
  isWrapper,
  type Unit,
} from "../code/unit.ts";
import type { Body } from "./contract.ts";
import { ANYTHING } from "./schema.ts";

const REQUEST = /^(?:_?req|request|c\.req|(?:ctx|context)\.req(?:uest)?)$/;
/** What else a body may be read by. */
const OTHERWISE = ["text", "formData", "arrayBuffer", "blob", "bytes", "clone"];

/** What a file does with the JSON that its request brings. */
export interface BodyReads {
  /** Schemas that it is given to. */
  readonly schemas: readonly ts.Expression[];
  /** The fields that are read; undefined where it is also passed on whole. */
  readonly body: Body | undefined;
}

/** Undefined where no body is read, or not only as JSON. */
export function bodyReads(unit: Unit): BodyReads | undefined {
  const reads = (unit.calls.get("json") ?? []).filter(isOfRequest);
  const others = OTHERWISE.flatMap((name) => unit.calls.get(name) ?? []);
  if (reads.length === 0 || others.some(isOfRequest)) return undefined;
  const found: Found = { schemas: [], fields: new Set(), escapes: false };
  for (const read of reads) follow(read, found);
  const { schemas, fields, escapes } = found;
  const known = !escapes && fields.size > 0
    ? new Map([...fields].map((name) => [name, ANYTHING]))
    : undefined;
  return { schemas, body: known && { fields: known, strict: false } };
}

interface Found {
  readonly schemas: ts.Expression[];
  readonly fields: Set<string>;
  escapes: boolean;
}

function isOfRequest(call: ts.CallExpression): boolean {
  const callee = bare(call.expression);
  return isAccess(callee) && REQUEST.test(callee.expression.getText());
}

/** Where the value of an expression goes. */
function follow(value: ts.Expression, found: Found): void {
  const node = outermost(value);
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) && parent.initializer === node) {
    return bind(parent.name, found);
  }
  if (ts.isBinaryExpression(parent)) {
    const { left, right, operatorToken: { kind } } = parent;
    if (kind === ts.SyntaxKind.EqualsToken && right === node) {
      const name = bare(left);
      if (ts.isIdentifier(name)) return followName(name, found);
    }
  }
  if (isSchemaCall(parent) && parent.arguments[0] === node) {
    const callee = bare(parent.expression);
    if (isAccess(callee)) found.schemas.push(callee.expression);
    return;
  }
  if (isAccess(parent) && parent.expression === node) {
    const [name] = accessPath(parent).slice(-1);
    if (name !== undefined) return void found.fields.add(name);
  }
  if (isTest(parent)) return;
  found.escapes = true;
}

function isSchemaCall(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) &&
    /^(?:parse|safeParse|parseAsync|safeParseAsync)$/
      .test(calledName(node) ?? "");
}

/** `!body`, `typeof body`: looks at no field. */
function isTest(node: ts.Node): boolean {
  return ts.isPrefixUnaryExpression(node) || ts.isTypeOfExpression(node) ||
    ts.isIfStatement(node);
}

/** With the `await`, casts and `.catch(() => ({}))` around it. */
function outermost(value: ts.Expression): ts.Expression {
  let node = value;
  for (;;) {
    const { parent } = node;
    if (
      ts.isAwaitExpression(parent) ||
      isWrapper(parent) && parent.expression === node
    ) node = parent;
    else if (
      ts.isPropertyAccessExpression(parent) && parent.name.text === "catch" &&
      ts.isCallExpression(parent.parent)
    ) node = parent.parent;
    else if (
      ts.isBinaryExpression(parent) && parent.left === node &&
      /^(?:\?\?|\|\|)$/.test(parent.operatorToken.getText())
    ) node = parent;
    else return node;
  }
}

function bind(name: ts.BindingName, found: Found): void {
  if (ts.isIdentifier(name)) return followName(name, found);
  if (ts.isArrayBindingPattern(name)) {
    found.escapes = true;
    return;
  }
  for (const { propertyName, name: local, dotDotDotToken } of name.elements) {
    const key = propertyName
      ? nameOf(propertyName)
      : ts.isIdentifier(local)
      ? local.text
      : undefined;
    if (key === undefined || dotDotDotToken) found.escapes = true;
    else found.fields.add(key);
  }
}

function followName(name: ts.Identifier, found: Found): void {
  const declaration = declarationOf(name);
  if (!declaration) {
    found.escapes = true;
    return;
  }
  for (const use of referencesTo(declaration, name)) {
    if (isAssigned(use)) continue;
    follow(use, found);
  }
}

/** The place where the variable is given what is followed here. */
function isAssigned(use: ts.Identifier): boolean {
  const { parent } = use;
  return ts.isVariableDeclaration(parent) && parent.name === use ||
    ts.isBinaryExpression(parent) && parent.left === use &&
      parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}
