import ts from "typescript";
import { type Unit, unitOf, walk } from "./unit.ts";

/**
 * What a name stands for. `path` leads from the value to the name where it is taken apart:
 * `const { data: [first] } = …` gives `first` the path `data`, `[0]`.
 */
export type Declaration =
  | {
    readonly kind: "variable";
    readonly name: ts.Identifier;
    readonly node: ts.VariableDeclaration;
    readonly path: Path;
  }
  | {
    readonly kind: "parameter";
    readonly name: ts.Identifier;
    readonly node: ts.ParameterDeclaration;
    readonly path: Path;
  }
  | { readonly kind: "function"; readonly node: ts.FunctionDeclaration }
  | { readonly kind: "class"; readonly node: ts.ClassLikeDeclaration }
  | { readonly kind: "enum"; readonly node: ts.EnumDeclaration }
  | { readonly kind: "import"; readonly node: ImportName }
  | { readonly kind: "function-expression"; readonly node: ts.FunctionLike };

/** Property names; `[0]` for an index, `[]` for any element, `...` for what is left. */
export type Path = readonly string[];

export type ImportName =
  | ts.ImportSpecifier
  | ts.ImportClause
  | ts.NamespaceImport
  | ts.ImportEqualsDeclaration;

type Names = Map<string, Declaration>;

const scopes = new WeakMap<ts.Node, Names>();
const resolved = new WeakMap<ts.Identifier, Declaration | null>();

/** What an identifier that stands for a value refers to, in its own file; undefined for a global. */
export function declarationOf(
  identifier: ts.Identifier,
): Declaration | undefined {
  let found = resolved.get(identifier);
  if (found === undefined) {
    found = lookUp(identifier.text, identifier) ?? null;
    resolved.set(identifier, found);
  }
  return found ?? undefined;
}

/** What a name stands for at a node. */
export function lookUp(name: string, at: ts.Node): Declaration | undefined {
  for (let node: ts.Node | undefined = at; node; node = node.parent) {
    const found = namesOf(node)?.get(name);
    if (found) return found;
  }
  return undefined;
}

/** Every place that refers to a declared name, except where it is declared. */
export function referencesTo(
  declaration: Declaration,
  name: ts.Identifier,
  unit: Unit = unitOf(name),
): ts.Identifier[] {
  return (unit.identifiers.get(name.text) ?? []).filter((identifier) =>
    identifier !== name && isReference(identifier) &&
    declarationOf(identifier) === declaration
  );
}

/** Whether an identifier stands for a value and is no name of a member, key, label or type. */
export function isReference(identifier: ts.Identifier): boolean {
  const { parent } = identifier;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== identifier;
  if (ts.isPropertyAssignment(parent)) return parent.name !== identifier;
  if (ts.isBindingElement(parent)) {
    return parent.initializer === identifier;
  }
  if (ts.isJsxAttribute(parent) || ts.isImportSpecifier(parent)) return false;
  if (ts.isQualifiedName(parent) || ts.isTypeReferenceNode(parent)) {
    return false;
  }
  return ts.isShorthandPropertyAssignment(parent) ||
    ts.isExportSpecifier(parent) ||
    !("name" in parent && parent.name === identifier);
}

/** Names declared directly in a node that opens a scope. */
function namesOf(node: ts.Node): Names | undefined {
  if (!SCOPES.has(node.kind)) return undefined;
  let names = scopes.get(node);
  if (!names) scopes.set(node, names = collect(node));
  return names;
}

const SCOPES: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.Block,
  ts.SyntaxKind.SourceFile,
  ts.SyntaxKind.FunctionDeclaration,
  ts.SyntaxKind.FunctionExpression,
  ts.SyntaxKind.ArrowFunction,
  ts.SyntaxKind.MethodDeclaration,
  ts.SyntaxKind.Constructor,
  ts.SyntaxKind.GetAccessor,
  ts.SyntaxKind.SetAccessor,
  ts.SyntaxKind.ForStatement,
  ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.ForInStatement,
  ts.SyntaxKind.CaseBlock,
  ts.SyntaxKind.ModuleBlock,
  ts.SyntaxKind.ClassExpression,
]);

function collect(node: ts.Node): Names {
  const names: Names = new Map();
  if (ts.isSourceFile(node) || ts.isBlock(node) || ts.isModuleBlock(node)) {
    node.statements.forEach((statement) => addStatement(statement, names));
    if (!ts.isBlock(node) || ts.isFunctionLike(node.parent)) {
      hoistVars(node, names);
    }
  } else if (ts.isCaseBlock(node)) {
    for (const { statements } of node.clauses) {
      statements.forEach((statement) => addStatement(statement, names));
    }
  } else if (ts.isFunctionLike(node)) {
    if (ts.isFunctionExpression(node) && node.name) {
      names.set(node.name.text, { kind: "function-expression", node });
    }
    for (const parameter of node.parameters) {
      addBinding(parameter.name, [], names, (name, path) => ({
        kind: "parameter",
        name,
        node: parameter,
        path,
      }));
    }
  } else if (ts.isClassExpression(node)) {
    if (node.name) names.set(node.name.text, { kind: "class", node });
  } else if (
    ts.isForStatement(node) || ts.isForOfStatement(node) ||
    ts.isForInStatement(node)
  ) {
    const { initializer } = node;
    if (initializer && ts.isVariableDeclarationList(initializer)) {
      addVariables(initializer, names);
    }
  }
  return names;
}

function addStatement(statement: ts.Statement, names: Names): void {
  if (ts.isVariableStatement(statement)) {
    addVariables(statement.declarationList, names);
  } else if (ts.isFunctionDeclaration(statement) && statement.name) {
    // of overloads, the one with the body
    if (statement.body || !names.has(statement.name.text)) {
      names.set(statement.name.text, { kind: "function", node: statement });
    }
  } else if (ts.isClassDeclaration(statement) && statement.name) {
    names.set(statement.name.text, { kind: "class", node: statement });
  } else if (ts.isEnumDeclaration(statement)) {
    names.set(statement.name.text, { kind: "enum", node: statement });
  } else if (ts.isImportDeclaration(statement)) {
    addImports(statement.importClause, names);
  } else if (ts.isImportEqualsDeclaration(statement)) {
    names.set(statement.name.text, { kind: "import", node: statement });
  }
}

function addImports(clause: ts.ImportClause | undefined, names: Names): void {
  if (!clause) return;
  const add = (name: ts.Identifier, node: ImportName) =>
    names.set(name.text, { kind: "import", node });
  if (clause.name) add(clause.name, clause);
  const { namedBindings } = clause;
  if (!namedBindings) return;
  if (ts.isNamespaceImport(namedBindings)) {
    add(namedBindings.name, namedBindings);
  } else {
    namedBindings.elements.forEach((element) => add(element.name, element));
  }
}

function addVariables(list: ts.VariableDeclarationList, names: Names): void {
  for (const node of list.declarations) {
    addBinding(node.name, [], names, (name, path) => ({
      kind: "variable",
      name,
      node,
      path,
    }));
  }
}

function addBinding(
  binding: ts.BindingName,
  path: Path,
  names: Names,
  declare: (name: ts.Identifier, path: Path) => Declaration,
): void {
  if (ts.isIdentifier(binding)) {
    names.set(binding.text, declare(binding, path));
    return;
  }
  binding.elements.forEach((element, index) => {
    if (ts.isOmittedExpression(element)) return;
    addBinding(
      element.name,
      [...path, stepTo(element, index)],
      names,
      declare,
    );
  });
}

/** From a pattern to one of its elements. */
export function stepTo(element: ts.BindingElement, index: number): string {
  if (element.dotDotDotToken) return "...";
  if (ts.isArrayBindingPattern(element.parent)) return `[${index}]`;
  const key = element.propertyName ?? element.name;
  return ts.isIdentifier(key) || ts.isStringLiteralLike(key) ? key.text : "?";
}

/** `var` belongs to its function, however deep it stands. */
function hoistVars(scope: ts.Node, names: Names): void {
  walk(scope, (node) => {
    if (
      node !== scope && (ts.isFunctionLike(node) || ts.isClassLike(node))
    ) return false;
    if (
      ts.isVariableDeclarationList(node) &&
      (node.flags & ts.NodeFlags.BlockScoped) === 0
    ) {
      const found: Names = new Map();
      addVariables(node, found);
      for (const [name, declaration] of found) {
        if (!names.has(name)) names.set(name, declaration);
      }
    }
    return !ts.isExpression(node);
  });
}
