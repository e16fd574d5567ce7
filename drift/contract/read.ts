import ts from "typescript";
import type { Source } from "../code/chain.ts";
import { openContext } from "../code/context.ts";
import { nameOf } from "../code/members.ts";
import { openProject, type Project } from "../code/project.ts";
import { bare, type Unit, walk } from "../code/unit.ts";
import type { Body, Contract, Contracts } from "./contract.ts";
import { bodyReads } from "./reads.ts";
import { bodyOfSchema } from "./schema.ts";

/**
 * What functions take, as their code says.
 *
 * @param entrypoints the file of each function, by its name
 */
export function readContracts(
  sources: readonly Source[],
  entrypoints: ReadonlyMap<string, string>,
): Contracts {
  const project = openProject(sources);
  const byFile = new Map(sources.map((source) => [source.file, source]));
  return new Map([...entrypoints].map(([name, file]) => {
    const source = byFile.get(file);
    return [name, source ? contractOf(project, source) : NOTHING_KNOWN];
  }));
}

const NOTHING_KNOWN: Contract = { methods: undefined, body: undefined };

function contractOf(project: Project, source: Source): Contract {
  const unit = project.unitOf(source);
  const declared = declarationIn(unit);
  if (declared) {
    return {
      methods: listed(declared.get("methods")),
      body: schemaOf(project, declared.get("input") ?? declared.get("body")),
    };
  }
  const reads = bodyReads(unit);
  if (!reads) return NOTHING_KNOWN;
  const [schema, ...others] = reads.schemas;
  return {
    methods: undefined,
    body: !schema
      ? reads.body
      : others.length === 0
      ? schemaOf(project, schema)
      : undefined,
  };
}

function schemaOf(
  project: Project,
  node: ts.Expression | undefined,
): Body | undefined {
  return node &&
    bodyOfSchema(openContext(project), { node, env: undefined });
}

/** A function that is described: `endpoint({ methods, input, handle })`. */
function declarationIn(
  { tree }: Unit,
): ReadonlyMap<string, ts.Expression> | undefined {
  let found: ReadonlyMap<string, ts.Expression> | undefined;
  walk(tree, (node) => {
    if (found || !ts.isObjectLiteralExpression(node)) return !found;
    if (!ts.isCallExpression(node.parent)) return true;
    const names = node.properties.map(({ name }) => name && nameOf(name));
    const handles = names.includes("handle") || names.includes("handler");
    if (!handles) return true;
    found = new Map(node.properties.flatMap((property) => {
      const name = property.name && nameOf(property.name);
      return name !== undefined && ts.isPropertyAssignment(property)
        ? [[name, property.initializer] as const]
        : [];
    }));
    return false;
  });
  return found;
}

function listed(
  node: ts.Expression | undefined,
): ReadonlySet<string> | undefined {
  const array = node && bare(node);
  if (!array || !ts.isArrayLiteralExpression(array)) return undefined;
  const names = array.elements.filter(ts.isStringLiteralLike);
  return names.length === array.elements.length
    ? new Set(names.map(({ text }) => text.toUpperCase()))
    : undefined;
}
