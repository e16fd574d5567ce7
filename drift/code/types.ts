import ts from "typescript";
import { type Context, openContext } from "./context.ts";
import { isFunction, returnsOf } from "./functions.ts";
import { clientOf } from "./clients.ts";
import { nameOf } from "./members.ts";
import { originsOf } from "./origins.ts";
import type { Path } from "./scopes.ts";
import { unitOf } from "./unit.ts";

/** Types of clients by their names: SupabaseClient, TypedSupabaseClient, PostgrestClient … */
const CLIENT_TYPE = /(?:supabase|postgrest)\w*client|^supabase$/i;
const MAX_DEPTH = 12;

/** What a type annotation says of a client: whether it is one, and whether it knows the database. */
export interface TypedClient {
  readonly typed: boolean | undefined;
}

/** Reads the type a path of members leads to; undefined when it is no client or out of sight. */
export function clientType(
  context: Context,
  type: ts.TypeNode | undefined,
  path: Path,
): TypedClient | undefined {
  const found = type && typeAt(context, type, path, 0);
  return found && asClient(context, found, 0);
}

/** The literals of a type such as `"a" | "b"`, where a path of members leads. */
export function literalTypes(
  context: Context,
  type: ts.TypeNode | undefined,
  path: Path,
): ts.StringLiteralLike[] {
  const found = type && typeAt(context, type, path, 0);
  return found ? literalsOf(context, found, 0) ?? [] : [];
}

function literalsOf(
  context: Context,
  type: ts.TypeNode,
  depth: number,
): ts.StringLiteralLike[] | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (ts.isParenthesizedTypeNode(type)) {
    return literalsOf(context, type.type, depth);
  }
  if (ts.isLiteralTypeNode(type)) {
    return ts.isStringLiteralLike(type.literal) ? [type.literal] : undefined;
  }
  if (ts.isUnionTypeNode(type)) {
    const all: ts.StringLiteralLike[] = [];
    for (const part of type.types) {
      const literals = literalsOf(context, part, depth + 1);
      if (!literals) return undefined;
      all.push(...literals);
    }
    return all;
  }
  const alias = aliasOf(context, type);
  return alias && ts.isTypeAliasDeclaration(alias)
    ? literalsOf(context, alias.type, depth + 1)
    : undefined;
}

function asClient(
  context: Context,
  type: ts.TypeNode,
  depth: number,
): TypedClient | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (ts.isParenthesizedTypeNode(type)) {
    return asClient(context, type.type, depth);
  }
  if (ts.isUnionTypeNode(type)) {
    for (const part of type.types) {
      const client = asClient(context, part, depth + 1);
      if (client) return client;
    }
    return undefined;
  }
  if (!ts.isTypeReferenceNode(type)) return undefined;
  const name = lastName(type.typeName);
  const [first] = type.typeArguments ?? [];
  if (/^(?:Awaited|Promise|NonNullable|Readonly)$/.test(name) && first) {
    return asClient(context, first, depth + 1);
  }
  if (name === "ReturnType" && first && ts.isTypeQueryNode(first)) {
    return returnedClient(context, first);
  }
  const alias = aliasOf(context, type);
  if (alias && ts.isTypeAliasDeclaration(alias)) {
    return asClient(context, alias.type, depth + 1);
  }
  if (!CLIENT_TYPE.test(name)) return undefined;
  if (alias) return { typed: undefined };
  // an alias from elsewhere may hold the database within
  if (!/^(?:Supabase|Postgrest)Client$/.test(name)) return { typed: undefined };
  return {
    typed: first !== undefined && first.kind !== ts.SyntaxKind.AnyKeyword,
  };
}

/** `ReturnType<typeof makeClient>`. */
function returnedClient(
  context: Context,
  { exprName }: ts.TypeQueryNode,
): TypedClient | undefined {
  if (!ts.isIdentifier(exprName)) return undefined;
  // a client of this type is not that very client: nothing but the type may be taken from it
  const apart = openContext(context.project);
  for (const { node, env } of originsOf(apart, exprName, undefined)) {
    if (ts.isImportSpecifier(node)) {
      return /client/i.test(exprName.text) ? { typed: undefined } : undefined;
    }
    if (!isFunction(node)) continue;
    for (const value of returnsOf(node)) {
      const client = clientOf(apart, value, env);
      if (client.verdict === "yes") return { typed: client.typed };
    }
  }
  return undefined;
}

function typeAt(
  context: Context,
  type: ts.TypeNode,
  path: Path,
  depth: number,
): ts.TypeNode | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return type;
  if (depth > MAX_DEPTH) return undefined;
  if (ts.isTypeLiteralNode(type)) {
    return memberType(context, type.members, step, rest, depth);
  }
  if (ts.isArrayTypeNode(type)) {
    return step.startsWith("[")
      ? typeAt(context, type.elementType, rest, depth + 1)
      : undefined;
  }
  if (ts.isIntersectionTypeNode(type) || ts.isUnionTypeNode(type)) {
    for (const part of type.types) {
      const found = typeAt(context, part, path, depth + 1);
      if (found) return found;
    }
    return undefined;
  }
  const alias = aliasOf(context, type);
  if (!alias) return undefined;
  return ts.isTypeAliasDeclaration(alias)
    ? typeAt(context, alias.type, path, depth + 1)
    : memberType(context, alias.members, step, rest, depth);
}

function memberType(
  context: Context,
  members: readonly ts.TypeElement[],
  name: string,
  rest: Path,
  depth: number,
): ts.TypeNode | undefined {
  for (const member of members) {
    if (
      ts.isPropertySignature(member) && member.type &&
      nameOf(member.name) === name
    ) return typeAt(context, member.type, rest, depth + 1);
  }
  return undefined;
}

type Alias = ts.TypeAliasDeclaration | ts.InterfaceDeclaration;

/** The declaration a type's name refers to, in its file or in one it is imported from. */
function aliasOf(context: Context, type: ts.TypeNode): Alias | undefined {
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) {
    return undefined;
  }
  return declaredType(context, type.getSourceFile(), type.typeName.text, 0);
}

function declaredType(
  context: Context,
  tree: ts.SourceFile,
  name: string,
  depth: number,
): Alias | undefined {
  const types = typesIn(tree);
  const own = types.own.get(name);
  const imported = types.imported.get(name);
  if (own || !imported || depth > MAX_DEPTH) return own;
  const unit = context.project.moduleOf(imported.specifier, tree);
  return unit && declaredType(context, unit.tree, imported.name, depth + 1);
}

interface Types {
  readonly own: Map<string, Alias>;
  readonly imported: Map<string, { specifier: string; name: string }>;
}

const declaredTypes = new WeakMap<ts.SourceFile, Types>();

function typesIn(tree: ts.SourceFile): Types {
  const known = declaredTypes.get(tree);
  if (known) return known;
  const types: Types = { own: new Map(), imported: new Map() };
  for (const statement of unitOf(tree).tree.statements) {
    if (
      ts.isTypeAliasDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement)
    ) types.own.set(statement.name.text, statement);
    if (
      !ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)
    ) continue;
    const bindings = ts.isImportDeclaration(statement)
      ? statement.importClause?.namedBindings
      : statement.exportClause;
    const { moduleSpecifier } = statement;
    if (!bindings || !moduleSpecifier || !("elements" in bindings)) continue;
    if (!ts.isStringLiteralLike(moduleSpecifier)) continue;
    for (const { name, propertyName } of bindings.elements) {
      types.imported.set(name.text, {
        specifier: moduleSpecifier.text,
        name: (propertyName ?? name).text,
      });
    }
  }
  declaredTypes.set(tree, types);
  return types;
}

function lastName(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : name.right.text;
}
