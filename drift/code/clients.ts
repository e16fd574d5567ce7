import ts from "typescript";
import type { Role, Value } from "./chain.ts";
import type { Context, Env, Origin } from "./context.ts";
import { specifierOf } from "./modules.ts";
import { originsAt, originsOf } from "./origins.ts";
import { rolesOf } from "./roles.ts";
import { clientType } from "./types.ts";
import { isSignedIn } from "./sessions.ts";
import { bare, calledName, isAccess, memberName } from "./unit.ts";
import { valueOf } from "./values.ts";

/** What is known of the thing before `.from` or `.rpc`. */
export interface Client {
  /** `maybe`: what is called on it will tell. */
  readonly verdict: "yes" | "no" | "maybe";
  /** Undefined where the code does not show it. */
  readonly roles: readonly Role[] | undefined;
  readonly typed: boolean | undefined;
  readonly schema: Value | undefined;
}

const UNKNOWN = { roles: undefined, typed: undefined, schema: undefined };
const NO: Client = { verdict: "no", ...UNKNOWN };
const MAYBE: Client = { verdict: "maybe", ...UNKNOWN };
const YES: Client = { verdict: "yes", ...UNKNOWN };

/** Functions and classes of supabase-js, postgrest-js and the packages around them that make a client. */
const FACTORIES = new Set([
  "createClient",
  "createServerClient",
  "createBrowserClient",
  "createClientComponentClient",
  "createServerComponentClient",
  "createServerActionClient",
  "createRouteHandlerClient",
  "createMiddlewareClient",
  "createPagesBrowserClient",
  "createPagesServerClient",
  "createServerSupabaseClient",
  "createBrowserSupabaseClient",
  "createMiddlewareSupabaseClient",
  "createSupabaseClient",
  "SupabaseClient",
  "PostgrestClient",
]);
const SUPABASE = /supabase|postgrest/i;
/** Libraries whose objects have a `from` or an `rpc` of their own. */
const OTHERS =
  /^(?:npm:)?(?:@?knex|objection|kysely|drizzle-orm|slonik|typeorm|sequelize|rxjs|redis|ioredis|mongodb|mongoose|ethers|viem|web3|@trpc|capnweb|@prisma|pg|postgres|mysql2?|hono)(?:[/@]|$)/;

/** Whether an expression is a client of the Data API, and which. */
export function clientOf(
  context: Context,
  node: ts.Expression,
  env: Env,
): Client {
  const all = originsOf(context, node, env)
    .map((origin) => clientFrom(context, origin));
  const clients = all.filter(({ verdict }) => verdict !== "no");
  const [first] = clients;
  if (!first) return NO;
  const verdict = clients.some(({ verdict }) => verdict === "yes")
    ? "yes"
    : "maybe";
  return {
    verdict,
    roles: union(clients.map(({ roles }) => roles)),
    typed: clients.every(({ typed }) => typed === first.typed)
      ? first.typed
      : undefined,
    schema: clients.find(({ schema }) => schema)?.schema,
  };
}

/** What a module's variable is, is one origin wherever it is used. */
const known = new WeakMap<Origin, Client>();

function clientFrom(context: Context, origin: Origin): Client {
  let client = known.get(origin);
  if (!client && isStorage(origin)) known.set(origin, client = NO);
  if (!client) {
    const made = withType(context, origin, classify(context, origin));
    known.set(origin, client = withSession(origin, made));
  }
  return client;
}

/** Its `from` names a bucket, whatever the type of the client says. */
function isStorage({ node, path }: Origin): boolean {
  return (path.at(-1) ?? memberName(node)) === "storage";
}

function union(
  all: readonly (readonly Role[] | undefined)[],
): readonly Role[] | undefined {
  const roles = new Set<Role>();
  for (const some of all) {
    if (!some) return undefined;
    some.forEach((role) => roles.add(role));
  }
  return [...roles];
}

function classify(context: Context, origin: Origin): Client {
  const { node, env, path } = origin;
  const last = path.at(-1);
  if (path.length === 0) {
    if (ts.isCallExpression(node)) return ofCall(context, node, env);
    if (ts.isNewExpression(node)) return ofNew(context, node, env);
  }
  if (ts.isImportSpecifier(node) || ts.isImportClause(node)) {
    return ofImport(node, last);
  }
  if (ts.isParameter(node) || ts.isPropertyDeclaration(node)) {
    const type = clientType(context, node.type, path);
    if (type) return { ...YES, typed: type.typed };
    if (
      node.type && path.length === 0 && OTHER_TYPE.test(node.type.getText())
    ) {
      return NO;
    }
    return byName(last ?? node.name.getText());
  }
  if (ts.isVariableDeclaration(node)) {
    const type = clientType(context, node.type, path);
    return type
      ? { ...YES, typed: type.typed }
      : byName(last ?? node.name.getText());
  }
  if (isAccess(node)) return byName(node.getText());
  if (ts.isIdentifier(node)) {
    const isGlobalClass = /^[A-Z]/.test(node.text);
    return isGlobalClass && !SUPABASE.test(node.text)
      ? NO
      : byName(last ?? node.text);
  }
  if (last !== undefined) return byName(last);
  return isMade(node) ? NO : MAYBE;
}

const OTHER_TYPE = /knex|kysely|drizzle|redis|mongo|prisma|sequelize/i;

/** A value that is written here is no client. */
function isMade(node: ts.Node): boolean {
  return ts.isLiteralExpression(node) || ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) || ts.isFunctionLike(node) ||
    ts.isClassLike(node) || node.kind === ts.SyntaxKind.NullKeyword;
}

function byName(name: string): Client {
  return SUPABASE.test(name) ? YES : MAYBE;
}

function ofImport(
  node: ts.ImportSpecifier | ts.ImportClause,
  member: string | undefined,
): Client {
  const specifier = specifierOf(node) ?? "";
  const name = node.name?.text ?? "";
  if (OTHERS.test(specifier)) return NO;
  if (member !== undefined) return byName(member);
  return byName(`${specifier} ${name}`);
}

function ofCall(
  context: Context,
  node: ts.CallExpression,
  env: Env,
): Client {
  const callee = bare(node.expression);
  const name = calledName(node) ?? "";
  if (name === "schema" && isAccess(callee)) {
    const [argument] = node.arguments;
    const client = clientOf(context, callee.expression, env);
    return argument
      ? { ...client, schema: valueOf(context, argument, env) }
      : client;
  }
  const specifier = importedFrom(context, node, env);
  if (specifier !== undefined && OTHERS.test(specifier)) return NO;
  if (FACTORIES.has(name)) {
    // other packages have a createClient too; a relative module's is taken for one of ours
    const isForeign = specifier !== undefined &&
      !/^[./~#]|^@\/|^\$/.test(specifier) && !SUPABASE.test(specifier);
    return isForeign ? NO : made(context, node, env);
  }
  if (/serviceRole/i.test(name) && SUPABASE.test(name)) {
    return { ...YES, roles: ["service_role"] };
  }
  if (isAccess(callee) && isQueryStep(name)) return NO;
  return byName(`${name} ${specifier ?? ""}`);
}

/** What is called on a client gives a query, not another client. */
function isQueryStep(name: string): boolean {
  return /^(?:from|rpc|select|insert|update|upsert|delete|eq|channel)$/
    .test(name);
}

function ofNew(context: Context, node: ts.NewExpression, env: Env): Client {
  const name = node.expression.getText().split(".").at(-1) ?? "";
  if (FACTORIES.has(name)) return made(context, node, env);
  return byName(name);
}

function made(
  context: Context,
  node: ts.CallExpression | ts.NewExpression,
  env: Env,
): Client {
  const [type] = node.typeArguments ?? [];
  const isScript = /\.[cm]?jsx?$/.test(node.getSourceFile().fileName);
  return {
    verdict: "yes",
    roles: rolesOf(context, node, env),
    typed: isScript
      ? undefined
      : type !== undefined && type.kind !== ts.SyntaxKind.AnyKeyword,
    schema: defaultSchema(context, node, env),
  };
}

/** `{ db: { schema } }` of supabase-js, `{ schema }` of postgrest-js. */
function defaultSchema(
  context: Context,
  node: ts.CallExpression | ts.NewExpression,
  env: Env,
): Value | undefined {
  for (const options of node.arguments?.slice(1) ?? []) {
    for (const path of [["db", "schema"], ["schema"]]) {
      for (const found of originsAt(context, { node: options, env }, path)) {
        if (found.path.length === 0 && ts.isStringLiteralLike(found.node)) {
          return valueOf(context, found.node, found.env);
        }
      }
    }
  }
  return undefined;
}

/** The module a called function is imported from, when it is none of the files. */
function importedFrom(
  context: Context,
  node: ts.CallExpression,
  env: Env,
): string | undefined {
  for (const origin of originsOf(context, node.expression, env)) {
    const { node: source } = origin;
    if (
      ts.isImportSpecifier(source) || ts.isImportClause(source) ||
      ts.isNamespaceImport(source)
    ) return specifierOf(source);
  }
  return undefined;
}

/** What the annotations of the variables on the way say. */
function withType(context: Context, { via }: Origin, client: Client): Client {
  for (const { parent } of via) {
    if (!ts.isVariableDeclaration(parent)) continue;
    const type = clientType(context, parent.type, []);
    if (type) return { ...client, verdict: "yes", typed: type.typed };
  }
  return client;
}

function withSession({ via }: Origin, client: Client): Client {
  return client.roles?.includes("anon") && via.some(isSignedIn)
    ? { ...client, roles: ["authenticated"] }
    : client;
}
