import ts from "typescript";
import { exits } from "./exits.ts";
import { declarationOf, referencesTo } from "./scopes.ts";
import { bare, calledName, isWrapper } from "./unit.ts";

/** Something that holds wherever the guarded code runs. */
export type Guard =
  /** A test that came out so. */
  | {
    readonly kind: "test";
    readonly test: ts.Expression;
    readonly isTrue: boolean;
    /** What gives the tested thing another value where the test does not come out so. */
    readonly unless?: ts.Statement;
  }
  /** `switch (on)` came to one of these, or to none of them. */
  | {
    readonly kind: "case";
    readonly on: ts.Expression;
    readonly labels: readonly ts.Expression[];
    readonly isOneOf: boolean;
  }
  /** Something looked at these, and may have refused them. */
  | { readonly kind: "look"; readonly at: readonly ts.Expression[] };

const own = new WeakMap<ts.Node, readonly Guard[]>();
const NONE: readonly Guard[] = [];

/** What the place of a node within its parent says, and the statements before it. */
export function guardsAt(node: ts.Node): readonly Guard[] {
  let found = own.get(node);
  if (!found) {
    const placed = collect(node, node.parent);
    const called = ts.isFunctionLike(node) ? functionGuards(node) : NONE;
    own.set(node, found = called.length > 0 ? [...placed, ...called] : placed);
  }
  return found;
}

function test(test: ts.Expression, isTrue: boolean): Guard {
  return { kind: "test", test, isTrue };
}

function collect(node: ts.Node, parent: ts.Node): readonly Guard[] {
  if (ts.isConditionalExpression(parent) && parent.condition !== node) {
    return [test(parent.condition, parent.whenTrue === node)];
  }
  if (ts.isIfStatement(parent) && parent.expression !== node) {
    return [test(parent.expression, parent.thenStatement === node)];
  }
  if (ts.isBinaryExpression(parent) && parent.right === node) {
    switch (parent.operatorToken.kind) {
      case ts.SyntaxKind.AmpersandAmpersandToken:
        return [test(parent.left, true)];
      case ts.SyntaxKind.BarBarToken:
        return [test(parent.left, false)];
    }
    return NONE;
  }
  if (
    (ts.isWhileStatement(parent) && parent.statement === node) ||
    (ts.isForStatement(parent) && parent.statement === node)
  ) {
    const condition = ts.isForStatement(parent)
      ? parent.condition
      : parent.expression;
    return condition ? [test(condition, true)] : NONE;
  }
  if (ts.isCaseOrDefaultClause(node)) return clause(node);
  if (
    ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isModuleBlock(parent)
  ) return before(parent.statements, node);
  if (ts.isCaseOrDefaultClause(parent)) return before(parent.statements, node);
  return NONE;
}

function before(
  statements: ts.NodeArray<ts.Statement>,
  node: ts.Node,
): readonly Guard[] {
  const index = statements.findIndex((statement) => statement === node);
  if (index <= 0) return NONE;
  const found = statements.slice(0, index).flatMap(after);
  return found.length > 0 ? found : NONE;
}

const afters = new WeakMap<ts.Statement, readonly Guard[]>();

/** What holds after a statement. */
function after(statement: ts.Statement): readonly Guard[] {
  let found = afters.get(statement);
  if (!found) afters.set(statement, found = collectAfter(statement));
  return found;
}

function collectAfter(statement: ts.Statement): readonly Guard[] {
  if (ts.isIfStatement(statement)) {
    const { expression, thenStatement, elseStatement } = statement;
    if (exits(thenStatement)) return [test(expression, false)];
    if (elseStatement && exits(elseStatement)) return [test(expression, true)];
    return elseStatement ? NONE : [{
      kind: "test",
      test: expression,
      isTrue: false,
      unless: thenStatement,
    }];
  }
  if (ts.isBlock(statement)) return statement.statements.flatMap(after);
  if (ts.isTryStatement(statement)) {
    const { tryBlock, catchClause } = statement;
    return !catchClause || exits(catchClause.block)
      ? tryBlock.statements.flatMap(after)
      : NONE;
  }
  if (ts.isWhileStatement(statement)) {
    return [{ kind: "look", at: [statement.expression] }];
  }
  if (ts.isExpressionStatement(statement)) return asserted(statement);
  if (ts.isVariableStatement(statement)) return validated(statement);
  return NONE;
}

const ASSERTS = /^(?:assert|invariant|ok)$/;
/** Functions that throw when they do not like what they are given. */
const VALIDATES =
  /assert|invariant|require|ensure|guard|valid|check|verify|must|expect|parse/i;

function asserted({ expression }: ts.ExpressionStatement): readonly Guard[] {
  let node = bare(expression);
  if (ts.isAwaitExpression(node)) node = bare(node.expression);
  // `x && …;` and `x ??= …;` are statements of their own
  if (!ts.isCallExpression(node)) return NONE;
  const name = calledName(node) ?? "";
  const [first] = node.arguments;
  if (first && ASSERTS.test(name)) return [test(first, true)];
  return isValidation(node) ? [{ kind: "look", at: [node] }] : NONE;
}

/** `const problem = validate(row);`: what is done about it is for it to say. */
function validated(
  { declarationList }: ts.VariableStatement,
): readonly Guard[] {
  return declarationList.declarations.flatMap(({ initializer }): Guard[] => {
    let node = initializer && bare(initializer);
    if (node && ts.isAwaitExpression(node)) node = bare(node.expression);
    return node && ts.isCallExpression(node) && isValidation(node)
      ? [{ kind: "look", at: [node] }]
      : [];
  });
}

/** `ensureUser(user)`, `schema.parse(row)`, `expect(user).toBeDefined()`. */
function isValidation(node: ts.CallExpression): boolean {
  return VALIDATES.test(node.expression.getText().slice(0, 200));
}

/** The cases that lead to a clause: its own, and those above that fall through to it. */
function clause(node: ts.CaseOrDefaultClause): readonly Guard[] {
  const { clauses, parent: statement } = node.parent;
  const on = statement.expression;
  const index = clauses.findIndex((it) => it === node);
  const reached = [node];
  for (let at = index - 1; at >= 0; at--) {
    const above = clauses[at];
    if (!above || above.statements.some(exits)) break;
    reached.push(above);
  }
  if (reached.some(ts.isDefaultClause)) {
    const others = clauses.filter((it) => !reached.includes(it));
    const labels = others.flatMap((it) =>
      ts.isCaseClause(it) ? [it.expression] : []
    );
    return [{ kind: "case", on, labels, isOneOf: false }];
  }
  const labels = reached.flatMap((it) =>
    ts.isCaseClause(it) ? [it.expression] : []
  );
  return [{ kind: "case", on, labels, isOneOf: true }];
}

/** A function runs when what it is written into lets it: `useQuery({ queryFn, enabled: !!id })`. */
function functionGuards(fn: ts.SignatureDeclaration): readonly Guard[] {
  const found: Guard[] = [...settingsAround(fn)];
  const name = nameOfFunction(fn);
  const declaration = name && declarationOf(name);
  if (!name || !declaration) return found;
  const uses = referencesTo(declaration, name);
  // who calls it by name may have looked before
  for (const use of uses.slice(0, 8)) {
    const tests = [...settingsAround(use), ...testsAround(use)];
    const at = tests.flatMap((guard) =>
      guard.kind === "test"
        ? [guard.test]
        : guard.kind === "look"
        ? guard.at
        : [guard.on]
    );
    if (at.length > 0) found.push({ kind: "look", at });
  }
  return found;
}

function nameOfFunction(fn: ts.Node): ts.Identifier | undefined {
  if (ts.isFunctionDeclaration(fn)) return fn.name;
  let node = fn;
  while (isWrapper(node.parent) || ts.isCallExpression(node.parent)) {
    node = node.parent;
  }
  const { parent } = node;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)
    ? parent.name
    : undefined;
}

/** The guards of a place within its function. */
function testsAround(node: ts.Node): Guard[] {
  const found: Guard[] = [];
  for (let at = node; at.parent && !ts.isFunctionLike(at); at = at.parent) {
    found.push(...guardsAt(at));
  }
  return found;
}

/** Settings beside a function, by what they have to be for it to run. */
const SETTINGS: Readonly<Record<string, boolean>> = {
  enabled: true,
  skip: false,
  disabled: false,
  isPaused: false,
};

function settingsAround(node: ts.Node): Guard[] {
  const found: Guard[] = [];
  let at = node;
  while (isWrapper(at.parent)) at = at.parent;
  const { parent } = at;
  if (ts.isPropertyAssignment(parent)) {
    found.push(...settingsIn(parent.parent));
    at = parent.parent;
  } else if (ts.isObjectLiteralExpression(parent)) {
    found.push(...settingsIn(parent));
    at = parent;
  } else if (ts.isJsxExpression(parent) && ts.isJsxAttribute(parent.parent)) {
    found.push(...attributesOf(parent.parent.parent));
  }
  if (ts.isCallExpression(at.parent) && at.parent.expression !== at) {
    found.push(...settingsOfCall(at.parent, at));
  }
  return found;
}

function settingsOfCall(call: ts.CallExpression, given: ts.Node): Guard[] {
  const found: Guard[] = [];
  for (const argument of call.arguments) {
    if (argument === given) continue;
    const node = bare(argument);
    if (ts.isObjectLiteralExpression(node)) found.push(...settingsIn(node));
  }
  // useSWR(id ? ["key", id] : null, fetcher)
  const [key] = call.arguments;
  if (key && key !== given && /^use/.test(calledName(call) ?? "")) {
    found.push({ kind: "look", at: [key] });
  }
  return found;
}

function settingsIn(object: ts.ObjectLiteralExpression): Guard[] {
  return object.properties.flatMap((property): Guard[] => {
    const name = property.name && "text" in property.name
      ? property.name.text
      : "";
    if (!Object.hasOwn(SETTINGS, name)) return [];
    const isTrue = SETTINGS[name] ?? true;
    if (ts.isShorthandPropertyAssignment(property)) {
      return [test(property.name, isTrue)];
    }
    return ts.isPropertyAssignment(property)
      ? [test(property.initializer, isTrue)]
      : [];
  });
}

function attributesOf(attributes: ts.JsxAttributes): Guard[] {
  return attributes.properties.flatMap((attribute): Guard[] => {
    if (!ts.isJsxAttribute(attribute)) return [];
    const { name, initializer } = attribute;
    const isSetting = ts.isIdentifier(name) && name.text === "disabled";
    return isSetting && initializer && ts.isJsxExpression(initializer) &&
        initializer.expression
      ? [test(initializer.expression, false)]
      : [];
  });
}
