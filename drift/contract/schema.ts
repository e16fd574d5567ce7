import ts from "typescript";
import type { Context, Located } from "../code/context.ts";
import { nameOf } from "../code/members.ts";
import { originsOf } from "../code/origins.ts";
import { bare, calledName, isAccess } from "../code/unit.ts";
import type { Body, Field, LiteralType } from "./contract.ts";

/** Calls that leave the fields of an object's schema as they are. */
const KEEPING =
  /^(?:strict|strip|refine|superRefine|check|describe|meta|transform|readonly|brand|register)$/;
/** Calls around a field's schema, or behind it, with which it may be left out. */
const OPTIONAL =
  /^(?:optional|nullish|default|_default|prefault|catch|any|unknown|never|undefined|preprocess|exactOptional)$/;

const TYPES: ReadonlyMap<string, LiteralType> = new Map([
  ...[
    "string",
    "email",
    "uuid",
    "guid",
    "url",
    "enum",
    "stringbool",
  ].map((name) => [name, "string"] as const),
  ["number", "number"],
  ["int", "number"],
  ["boolean", "boolean"],
  ["null", "null"],
  ["array", "array"],
]);
/** Schemas that refuse a field that is missing. */
const KNOWN =
  /^(?:string|number|int|boolean|enum|array|object|strictObject|email|uuid|guid|url|literal|nullable)$/;
/** Calls behind a type that leave it what it is. */
const CHECKS =
  /^(?:check|min|max|length|email|uuid|url|regex|trim|toLowerCase|nonempty|int|positive|nonnegative|negative|gt|gte|lt|lte|finite|safe|refine|superRefine|describe|startsWith|endsWith|datetime|date|brand|meta)$/;

/** The fields of a zod schema of an object; undefined for any other expression. */
export function bodyOfSchema(
  context: Context,
  { node, env }: Located,
): Body | undefined {
  const bodies = originsOf(context, node, env).map((origin) =>
    origin.path.length === 0 && ts.isExpression(origin.node)
      ? objectSchema(context, { node: origin.node, env: origin.env })
      : undefined
  );
  return bodies.length === 1 ? bodies[0] : undefined;
}

function objectSchema(
  context: Context,
  { node, env }: Located,
): Body | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const callee = bare(node.expression);
  const name = calledName(node) ?? "";
  if (KEEPING.test(name) && isAccess(callee)) {
    const body = bodyOfSchema(context, { node: callee.expression, env });
    return body && name === "strict" ? { ...body, strict: true } : body;
  }
  const [shape] = node.arguments;
  if (!/^(?:object|strictObject)$/.test(name) || !isZod(callee) || !shape) {
    return undefined;
  }
  const object = bare(shape);
  if (!ts.isObjectLiteralExpression(object)) return undefined;
  const fields = new Map<string, Field>();
  for (const property of object.properties) {
    if (!ts.isPropertyAssignment(property)) return undefined;
    const key = nameOf(property.name);
    if (key === undefined) return undefined;
    const all = originsOf(context, property.initializer, env);
    fields.set(
      key,
      all.length === 1 && all[0]?.path.length === 0
        ? fieldOf(all[0].node)
        : ANYTHING,
    );
  }
  return { fields, strict: name === "strictObject" };
}

function isZod(callee: ts.Expression): boolean {
  return isAccess(callee) && ts.isIdentifier(bare(callee.expression));
}

/** A field of which nothing is known but its name. */
export const ANYTHING: Field = {
  required: false,
  types: undefined,
  values: undefined,
};

function fieldOf(node: ts.Node): Field {
  const calls = callsIn(node);
  if (!calls) return ANYTHING;
  const names = calls.map((call) => calledName(call) ?? "");
  if (names.some((name) => OPTIONAL.test(name))) return ANYTHING;
  const [base, ...checks] = names;
  const type = TYPES.get(base ?? "");
  if (!type || !checks.every((name) => CHECKS.test(name))) {
    return { ...ANYTHING, required: KNOWN.test(base ?? "") };
  }
  return {
    required: true,
    types: new Set([type]),
    values: base === "enum" ? valuesOf(calls[0]) : undefined,
  };
}

/** `z.string().min(1)` as its calls, the innermost first; undefined for what is written otherwise, as `z.coerce.date()` is. */
function callsIn(node: ts.Node): ts.CallExpression[] | undefined {
  const calls: ts.CallExpression[] = [];
  let at: ts.Node = node;
  while (ts.isCallExpression(at)) {
    calls.unshift(at);
    const callee = bare(at.expression);
    if (!isAccess(callee)) return undefined;
    at = bare(callee.expression);
    if (ts.isIdentifier(at)) return calls;
  }
  return undefined;
}

function valuesOf(
  call: ts.CallExpression | undefined,
): ReadonlySet<string> | undefined {
  const [list] = call?.arguments ?? [];
  if (!list) return undefined;
  const array = bare(list);
  if (!ts.isArrayLiteralExpression(array)) return undefined;
  const values = array.elements.filter(ts.isStringLiteralLike);
  return values.length === array.elements.length
    ? new Set(values.map(({ text }) => text))
    : undefined;
}
