import ts from "typescript";
import type { Context, Origin } from "./context.ts";
import { declaredOrigins, opaque, originsOf } from "./origins.ts";
import { type ImportName, lookUp } from "./scopes.ts";

/** What an imported name may be; the import itself where the module is not among the files. */
export function importOrigins(
  context: Context,
  node: ImportName,
): readonly Origin[] {
  const specifier = specifierOf(node);
  const unit = specifier === undefined
    ? undefined
    : context.project.moduleOf(specifier, node.getSourceFile());
  if (!unit) return [opaque(node, undefined)];
  if (ts.isNamespaceImport(node) || ts.isImportEqualsDeclaration(node)) {
    return [opaque(unit.tree, undefined)];
  }
  const name = ts.isImportSpecifier(node)
    ? (node.propertyName ?? node.name).text
    : "default";
  return moduleMember(context, unit.tree, name) ?? [opaque(node, undefined)];
}

/** The module an import names, as it is written. */
export function specifierOf(node: ImportName): string | undefined {
  if (ts.isImportEqualsDeclaration(node)) {
    const { moduleReference } = node;
    return ts.isExternalModuleReference(moduleReference)
      ? textOf(moduleReference.expression)
      : undefined;
  }
  return textOf(ts.findAncestor(node, ts.isImportDeclaration)?.moduleSpecifier);
}

/** What a module exports under a name. */
export function moduleMember(
  context: Context,
  tree: ts.SourceFile,
  name: string,
  seen = new Set<ts.SourceFile>(),
): readonly Origin[] | undefined {
  const stars: string[] = [];
  for (const statement of tree.statements) {
    if (ts.isExportAssignment(statement) && name === "default") {
      return originsOf(context, statement.expression, undefined);
    }
    if (isDefaultDeclaration(statement) && name === "default") {
      return [opaque(statement, undefined)];
    }
    if (!ts.isExportDeclaration(statement)) continue;
    const from = textOf(statement.moduleSpecifier);
    if (!statement.exportClause) {
      if (from !== undefined) stars.push(from);
    } else if (ts.isNamespaceExport(statement.exportClause)) {
      if (statement.exportClause.name.text !== name) continue;
      const unit = from === undefined
        ? undefined
        : context.project.moduleOf(from, tree);
      return unit && [opaque(unit.tree, undefined)];
    } else {
      for (const element of statement.exportClause.elements) {
        if (element.name.text !== name) continue;
        const local = (element.propertyName ?? element.name).text;
        if (from !== undefined) {
          return reexported(context, tree, from, local, seen);
        }
        return declared(context, tree, local);
      }
    }
  }
  const own = declared(context, tree, name);
  if (own) return own;
  for (const from of stars) {
    const found = reexported(context, tree, from, name, seen);
    if (found) return found;
  }
  return undefined;
}

function declared(context: Context, tree: ts.SourceFile, name: string) {
  const declaration = lookUp(name, tree);
  return declaration && declaredOrigins(context, declaration, undefined);
}

function reexported(
  context: Context,
  tree: ts.SourceFile,
  from: string,
  name: string,
  seen: Set<ts.SourceFile>,
): readonly Origin[] | undefined {
  const unit = context.project.moduleOf(from, tree);
  seen.add(tree);
  return unit && !seen.has(unit.tree)
    ? moduleMember(context, unit.tree, name, seen)
    : undefined;
}

function isDefaultDeclaration(
  node: ts.Statement,
): node is ts.FunctionDeclaration | ts.ClassDeclaration {
  return (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) &&
    (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Default) !== 0;
}

function textOf(node: ts.Expression | undefined): string | undefined {
  return node && ts.isStringLiteralLike(node) ? node.text : undefined;
}
