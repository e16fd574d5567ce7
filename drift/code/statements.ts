import ts from "typescript";
import type { Statement, StringValue, Value } from "./chain.ts";
import { type Context, openContext } from "./context.ts";
import { originsOf } from "./origins.ts";
import type { Project } from "./project.ts";
import { readingsOf } from "./readings.ts";
import { HOLE, stringOf, textOf } from "./strings.ts";
import {
  bare,
  calledName,
  isAccess,
  memberName,
  spanOf,
  type Unit,
} from "./unit.ts";
import { valueOf } from "./values.ts";

/** Drivers and query builders that take SQL for PostgreSQL. */
const DRIVER =
  /^(?:npm:\/?)?(?:pg|postgres|pg-promise|slonik|kysely|drizzle-orm|@neondatabase\/serverless|@vercel\/postgres|@electric-sql\/pglite|@supabase\/lite)(?:@[^/]*)?(?:\/|$)|deno\.land\/x\/postgres|^jsr:@(?:db|bartlomieju)\/postgres/;
/** Of these templates a hole may hold a table or a column. */
const BUILDER = /^(?:npm:\/?)?drizzle-orm\b/;
/** Methods that take SQL as text. */
const METHODS = [
  "query",
  "queryObject",
  "queryArray",
  "unsafe",
  "one",
  "oneOrNone",
  "many",
  "manyOrNone",
  "any",
  "none",
];
const TAGS = /^(?:sql|tx|trx|transaction)$/;

/** What a file without it has none of. */
export const MAY_HOLD_SQL =
  /\b(?:sql|tx|trx|transaction)\s*(?:<[^`]*>)?\s*`|\.\s*(?:query|queryObject|queryArray|unsafe|one|oneOrNone|many|manyOrNone|any|none)\s*(?:<|\()/;

/** Whether the text may stand alone. */
const STATEMENT =
  /^\s*(?:select|insert\s+into|update|delete\s+from|with|merge\s+into)\b/i;
/** Words after which a hole is a name. */
const BEFORE_NAME = /\b(?:from|join|into|update|table|by|as|set|only)\s*$/i;

/** The SQL that a file gives to a driver. What has holes that are no values is left out. */
export function statementsIn(project: Project, unit: Unit): Statement[] {
  const driver = driverOf(project, unit);
  if (driver === undefined) return [];
  const found: Statement[] = [];
  const add = (text: Value | undefined, node: ts.Node) => {
    if (text?.kind !== "string" || !STATEMENT.test(text.value)) return;
    const isFragment = BUILDER.test(driver) || /\bkysely\b/.test(driver);
    found.push({ text, span: spanOf(node), isFragment });
  };
  const isBuilder = BUILDER.test(driver);
  for (const node of unit.templates) {
    if (!isTag(node.tag) || isNested(node)) continue;
    add(templateText(project, node, !isBuilder), node);
  }
  for (const call of METHODS.flatMap((name) => unit.calls.get(name) ?? [])) {
    const [argument] = call.arguments;
    if (!argument || !isAccess(bare(call.expression))) continue;
    // most texts are written in the call
    const texts = ts.isStringLiteralLike(argument)
      ? [stringOf(argument)]
      : mayBeText(argument)
      ? readingsOf(project, call, (context) => textIn(context, argument))
        .map(({ it }) => it)
      : [];
    for (const text of texts) add(text, argument);
  }
  return found;
}

/** The driver that a file imports, or one of the files that it imports. */
function driverOf(project: Project, unit: Unit): string | undefined {
  const own = importsOf(unit).find((it) => DRIVER.test(it));
  if (own !== undefined) return own;
  for (const specifier of importsOf(unit)) {
    const other = project.moduleOf(specifier, unit.tree);
    const found = other && importsOf(other).find((it) => DRIVER.test(it));
    if (found !== undefined) return found;
  }
  return undefined;
}

function importsOf({ tree, calls }: Unit): string[] {
  const imported = tree.statements.flatMap((statement) =>
    ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)
      ? [statement.moduleSpecifier]
      : []
  );
  const required = (calls.get("require") ?? [])
    .map(({ arguments: [specifier] }) => specifier);
  return [...imported, ...required].flatMap((specifier) =>
    specifier && ts.isStringLiteralLike(specifier) ? [specifier.text] : []
  );
}

function isTag(tag: ts.Expression): boolean {
  const name = ts.isIdentifier(tag) ? tag.text : memberName(tag);
  return name !== undefined && TAGS.test(name);
}

/** A piece of another statement. */
function isNested(node: ts.TaggedTemplateExpression): boolean {
  return ts.findAncestor(
    node.parent,
    (it) => ts.isTaggedTemplateExpression(it) && isTag(it.tag),
  ) !== undefined;
}

/** The text of a template, its holes parameters; undefined where one of them may be anything else. */
function templateText(
  project: Project,
  { template }: ts.TaggedTemplateExpression,
  mayHaveHoles: boolean,
): Value | undefined {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return stringOf(template);
  if (!mayHaveHoles) return undefined;
  const context = openContext(project);
  const parts: StringValue[] = [stringOf(template.head)];
  let before = template.head.text;
  for (
    const [index, { expression, literal }] of template.templateSpans.entries()
  ) {
    if (BEFORE_NAME.test(before) || mayBeFragment(context, expression)) {
      return undefined;
    }
    const span = spanOf(expression);
    parts.push(
      { kind: "string", value: `$${index + 1}`, span, slice: () => span },
      stringOf(literal),
    );
    before = literal.text;
  }
  return textOf(parts, template);
}

/** `sql(names)`, `sql.json(it)`, another template, or what one of them is kept in. */
function mayBeFragment(context: Context, expression: ts.Expression): boolean {
  return originsOf(context, expression, undefined).some(({ node, path }) => {
    if (path.length > 0) return false;
    if (ts.isTaggedTemplateExpression(node)) return true;
    if (ts.isParameter(node)) {
      return /Fragment|Sql|RawBuilder|PendingQuery/.test(
        node.type?.getText() ?? "",
      );
    }
    if (!ts.isCallExpression(node)) return false;
    const callee = bare(node.expression);
    const root = isAccess(callee) ? bare(callee.expression) : callee;
    return isTag(root) &&
        !/^(?:json|array|typed|date)$/.test(calledName(node) ?? "") ||
      ts.isIdentifier(callee) &&
        /sql|fragment|join|raw|columns/i.test(callee.text);
  });
}

/** A name, a sum of texts, `{ text }`. */
function mayBeText(argument: ts.Expression): boolean {
  const node = bare(argument);
  return ts.isIdentifier(node) || isAccess(node) ||
    ts.isTemplateExpression(node) || ts.isBinaryExpression(node) ||
    ts.isObjectLiteralExpression(node);
}

/** A text that is known from end to end; `{ text }` of node-postgres too. */
function textIn(context: Context, argument: ts.Expression): Value | undefined {
  const value = valueOf(context, argument, undefined);
  const text = value.kind === "object"
    ? value.properties.find(({ key }) => key === "text")?.value
    : value;
  return text?.kind === "string" && !text.value.includes(HOLE)
    ? text
    : undefined;
}
