import ts from "typescript";

/** A member's type, and whether it may be left out. */
export interface Member {
  readonly type: ts.TypeNode;
  readonly optional: boolean;
}

/** The body of `type Database = {…}` or `interface Database {…}`. */
export function declaredType(
  source: ts.SourceFile,
  name: string,
): ts.TypeLiteralNode | ts.InterfaceDeclaration | undefined {
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === name) {
      return statement;
    }
    if (ts.isTypeAliasDeclaration(statement) && statement.name.text === name) {
      return ts.isTypeLiteralNode(statement.type) ? statement.type : undefined;
    }
  }
  return undefined;
}

/** The members of an object type; none of anything else, as of `Record<never, never>`. */
export function membersOf(
  node: ts.Node | undefined,
): ReadonlyMap<string, Member> {
  const found = new Map<string, Member>();
  if (
    !node || !(ts.isTypeLiteralNode(node) || ts.isInterfaceDeclaration(node))
  ) {
    return found;
  }
  for (const member of node.members) {
    if (!ts.isPropertySignature(member) || !member.type) continue;
    const { name } = member;
    if (!ts.isIdentifier(name) && !ts.isStringLiteral(name)) continue;
    found.set(name.text, {
      type: member.type,
      optional: member.questionToken !== undefined,
    });
  }
  return found;
}

/** The alternatives of a union; any other type is the only one. */
export function alternatives(node: ts.TypeNode): readonly ts.TypeNode[] {
  if (ts.isParenthesizedTypeNode(node)) return alternatives(node.type);
  return ts.isUnionTypeNode(node) ? node.types.flatMap(alternatives) : [node];
}

/** The strings of a literal, a tuple or a union of them. */
export function stringsOf(node: ts.TypeNode | undefined): string[] {
  if (!node) return [];
  if (ts.isTupleTypeNode(node)) return node.elements.flatMap(stringsOf);
  return alternatives(node).flatMap((it) =>
    ts.isLiteralTypeNode(it) && ts.isStringLiteral(it.literal)
      ? [it.literal.text]
      : []
  );
}

export function isTrue(node: ts.TypeNode | undefined): boolean {
  return node !== undefined && ts.isLiteralTypeNode(node) &&
    node.literal.kind === ts.SyntaxKind.TrueKeyword;
}

export function isNull(node: ts.TypeNode): boolean {
  return ts.isLiteralTypeNode(node) &&
    node.literal.kind === ts.SyntaxKind.NullKeyword;
}

export function isNever(node: ts.TypeNode): boolean {
  return node.kind === ts.SyntaxKind.NeverKeyword;
}

/** Whether it is a type of that name. */
export function isNamed(node: ts.TypeNode, name: string): boolean {
  return ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName) &&
    node.typeName.text === name;
}

/** `Database["public"]["Enums"]["status"]` as its names; undefined for anything else. */
export function indexPath(node: ts.TypeNode): readonly string[] | undefined {
  if (!ts.isIndexedAccessTypeNode(node)) return undefined;
  const [key] = stringsOf(node.indexType);
  const { objectType } = node;
  const before = ts.isTypeReferenceNode(objectType)
    ? []
    : indexPath(objectType);
  return key !== undefined && before ? [...before, key] : undefined;
}
