import ts from "typescript";
import { type Mutant, renamed } from "./mutant.ts";

/** What `supabase gen types` wrote, as it would be after the mutants. */
export function mutatedTypes(
  text: string,
  mutants: readonly Mutant[],
): string {
  const source = ts.createSourceFile(
    "database.types.ts",
    text,
    ts.ScriptTarget.Latest,
    true,
  );
  const edits = mutants.flatMap((mutant) =>
    nodesOf(source, mutant).map((node) => ({ node, to: renamed(mutant.name) }))
  ).toSorted((one, other) => other.node.getStart() - one.node.getStart());
  return edits.reduce(
    (text, { node, to }) =>
      text.slice(0, node.getStart()) + JSON.stringify(to) +
      text.slice(node.getEnd()),
    text,
  );
}

/** Where the types say the mutant's name. */
function nodesOf(source: ts.SourceFile, mutant: Mutant): ts.Node[] {
  const { kind, schema, object, name } = mutant;
  const found: ts.Node[] = [];
  const visit = (node: ts.Node, path: readonly string[]): void => {
    if (ts.isPropertySignature(node)) {
      const own = [...path, textOf(node.name)];
      if (isAt(own)) found.push(node.name);
      return ts.forEachChild(node, (child) => visit(child, own));
    }
    if (
      kind === "enum value" && ts.isStringLiteral(node) && node.text === name &&
      path.join("/") === `${schema}/Enums/${object}`
    ) found.push(node);
    ts.forEachChild(node, (child) => visit(child, path));
  };
  const isAt = ([own, group, owner, part, ...rest]: readonly string[]) => {
    if (own !== schema || owner !== object) return false;
    switch (kind) {
      case "table":
        return (group === "Tables" || group === "Views") && part === undefined;
      case "column":
        return ["Row", "Insert", "Update"].includes(part ?? "") &&
          rest.join("/") === name;
      case "function":
        return group === "Functions" && part === undefined;
      case "argument":
        return group === "Functions" && part === "Args" &&
          rest.join("/") === name;
      default:
        return false;
    }
  };
  visit(source, []);
  return found;
}

function textOf(name: ts.PropertyName): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : "";
}
