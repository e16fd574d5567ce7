import ts from "typescript";
import { literalOf, type Primitive } from "./evaluate.ts";
import { guardsAt } from "./guards.ts";
import { declarationOf } from "./scopes.ts";
import { bare, walk } from "./unit.ts";
import { writesTo } from "./writes.ts";

/** What holds in a file while one query runs: tests by their text, and what they say of names. */
export interface Premises {
  readonly file: ts.SourceFile;
  readonly truths: ReadonlyMap<string, boolean>;
  readonly values: ReadonlyMap<string, Primitive>;
}

const known = new WeakMap<ts.Node, Premises>();

/** The tests a node stands under whose outcome stays the same. */
export function premisesOf(node: ts.Node): Premises {
  let found = known.get(node);
  if (!found) {
    const tests: Test[] = [];
    for (let at = node; at.parent; at = at.parent) {
      for (const guard of guardsAt(at)) {
        if (guard.kind === "test" && !guard.unless) tests.push(guard);
      }
    }
    known.set(node, found = premises(node.getSourceFile(), tests));
  }
  return found;
}

/** With further tests. */
export function withTests(
  { file, truths, values }: Premises,
  tests: readonly Test[],
): Premises {
  const more = premises(file, tests);
  return {
    file,
    truths: new Map([...truths, ...more.truths]),
    values: new Map([...values, ...more.values]),
  };
}

export interface Test {
  readonly test: ts.Expression;
  readonly isTrue: boolean;
}

function premises(file: ts.SourceFile, tests: readonly Test[]): Premises {
  const truths = new Map<string, boolean>();
  const values = new Map<string, Primitive>();
  for (const { test, isTrue } of tests.flatMap(parts)) {
    if (test.getSourceFile() !== file || !isStable(test)) continue;
    truths.set(textOf(test), isTrue);
    const [name, value] = equality(test, isTrue) ?? [];
    if (name !== undefined) values.set(name, value);
  }
  return { file, truths, values };
}

/** What a test is known to come to. */
export function truthBy(
  { file, truths }: Premises,
  test: ts.Expression,
): boolean | undefined {
  if (truths.size === 0 || test.getSourceFile() !== file) return undefined;
  const outcomes = parts({ test, isTrue: true })
    .map((part) => {
      const truth = truths.get(textOf(part.test));
      return truth === undefined ? undefined : truth === part.isTrue;
    });
  if (outcomes.includes(false)) return false;
  return outcomes.every((it) => it === true) ? true : undefined;
}

/** What a name is known to hold. */
export function valueBy(
  { file, values }: Premises,
  node: ts.Expression,
): { value: Primitive } | undefined {
  if (values.size === 0 || node.getSourceFile() !== file) return undefined;
  const text = textOf(node);
  return values.has(text) ? { value: values.get(text) } : undefined;
}

/** The tests that one is made of, where all of them come out so. */
function parts({ test, isTrue }: Test): Test[] {
  const node = bare(test);
  if (
    ts.isPrefixUnaryExpression(node) &&
    node.operator === ts.SyntaxKind.ExclamationToken
  ) return parts({ test: node.operand, isTrue: !isTrue });
  if (ts.isBinaryExpression(node)) {
    const operator = isTrue
      ? ts.SyntaxKind.AmpersandAmpersandToken
      : ts.SyntaxKind.BarBarToken;
    if (node.operatorToken.kind === operator) {
      return [
        ...parts({ test: node.left, isTrue }),
        ...parts({ test: node.right, isTrue }),
      ];
    }
    const { kind } = node.operatorToken;
    if (kind === ts.SyntaxKind.ExclamationEqualsEqualsToken) {
      const text = `${textOf(node.left)}===${textOf(node.right)}`;
      return [{ test: named(node, text), isTrue: !isTrue }];
    }
  }
  return [{ test: node, isTrue }];
}

const texts = new WeakMap<ts.Expression, string>();

/** `a !== b` is known by the text of its contrary. */
function named(node: ts.Expression, text: string): ts.Expression {
  texts.set(node, text);
  return node;
}

function textOf(node: ts.Expression): string {
  let text = texts.get(node);
  if (text === undefined) {
    text = bare(node).getText().replaceAll(/\s+/g, "").replaceAll("'", '"');
    texts.set(node, text);
  }
  return text;
}

/** `name === "value"` says what the name holds. */
function equality(
  test: ts.Expression,
  isTrue: boolean,
): readonly [string, Primitive] | undefined {
  const node = bare(test);
  if (!ts.isBinaryExpression(node)) return undefined;
  const { kind } = node.operatorToken;
  const isSaid = isTrue
    ? kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
      kind === ts.SyntaxKind.ExclamationEqualsEqualsToken
    : false;
  const literal = literalOf(bare(node.right));
  return isSaid && literal ? [textOf(node.left), literal.value] : undefined;
}

/** Whether a test comes to the same wherever it stands: it calls nothing and looks at what nobody changes. */
function isStable(test: ts.Expression): boolean {
  let stable = true;
  walk(test, (node) => {
    if (ts.isCallExpression(node) || ts.isAwaitExpression(node)) stable = false;
    if (ts.isIdentifier(node) && !isMember(node)) {
      const declaration = declarationOf(node);
      const isVariable = declaration?.kind === "variable" ||
        declaration?.kind === "parameter";
      stable &&= isVariable && writesTo(declaration).length === 0 ||
        declaration?.kind === "import" || node.text === "undefined";
    }
    return stable;
  });
  return stable;
}

function isMember(node: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(node.parent) &&
    node.parent.name === node;
}
