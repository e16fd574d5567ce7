import ts from "typescript";
import type { Role } from "./chain.ts";
import type { Context, Env, Located, Origin } from "./context.ts";
import { originsAt, originsOf } from "./origins.ts";
import { accessPath } from "./members.ts";
import { calledName, isAccess, walk } from "./unit.ts";

const SECRET = /service_?role|secret|service_?key/i;
const PUBLISHABLE = /anon|publishable/i;

/** The paths of the options that hold an Authorization header, of supabase-js and postgrest-js. */
const AUTHORIZATION = [
  ["global", "headers", "Authorization"],
  ["headers", "Authorization"],
  ["global", "headers", "authorization"],
  ["headers", "authorization"],
];

/**
 * The roles of a client by the names of the key it is made with and of the header that overrides it:
 * a secret key is service_role; a publishable one anon or, with a session, authenticated; a header of
 * anything else is a user's. Undefined where no name tells.
 */
export function rolesOf(
  context: Context,
  node: ts.CallExpression | ts.NewExpression,
  env: Env,
): readonly Role[] | undefined {
  const isPostgrest = ts.isNewExpression(node) &&
    /PostgrestClient$/.test(node.expression.getText());
  const [, second, third] = node.arguments ?? [];
  const options = isPostgrest ? second : third ?? second;
  const byHeader = options && headerRoles(context, { node: options, env });
  if (byHeader) return byHeader;
  if (isPostgrest) {
    return second && rolesAt(context, { node: second, env }, [
      "headers",
      "apikey",
    ]);
  }
  return second && rolesByNames(namesIn(context, second, env));
}

function headerRoles(
  context: Context,
  options: Located,
): readonly Role[] | undefined {
  for (const path of AUTHORIZATION) {
    const found = known(originsAt(context, options, path));
    if (found.length === 0) continue;
    const names = found.flatMap((origin) => namesOfOrigin(context, origin, 0));
    return rolesByNames(names) ?? ["authenticated"];
  }
  return undefined;
}

function rolesAt(
  context: Context,
  options: Located,
  path: readonly string[],
): readonly Role[] | undefined {
  const found = known(originsAt(context, options, path));
  return rolesByNames(
    found.flatMap((origin) => namesOfOrigin(context, origin, 0)),
  );
}

/** Without what merely might have such a member. */
function known(origins: readonly Origin[]): Origin[] {
  return origins.filter(({ path }) => path.length === 0);
}

function rolesByNames(names: readonly string[]): Role[] | undefined {
  const isSecret = names.some((name) => SECRET.test(name));
  const isPublishable = names.some((name) => PUBLISHABLE.test(name));
  if (isSecret && isPublishable) return undefined;
  if (isSecret) return ["service_role"];
  return isPublishable ? ["anon", "authenticated"] : undefined;
}

/** The words by which the code calls a key: of variables, functions, members and settings. */
function namesIn(
  context: Context,
  node: ts.Node,
  env: Env,
  depth = 0,
): string[] {
  if (depth > 8) return [];
  const names: string[] = [];
  walk(node, (node) => {
    if (ts.isObjectLiteralExpression(node) || ts.isFunctionLike(node)) {
      return false;
    }
    if (ts.isStringLiteralLike(node)) names.push(node.text);
    if (ts.isCallExpression(node)) names.push(calledName(node) ?? "");
    if (isAccess(node) || (ts.isIdentifier(node) && ts.isExpression(node))) {
      names.push(...ts.isIdentifier(node) ? [node.text] : accessPath(node));
      for (const origin of originsOf(context, node, env)) {
        if (origin.node !== node) {
          names.push(...namesOfOrigin(context, origin, depth + 1));
        }
      }
    }
    return !isAccess(node);
  });
  return names;
}

function namesOfOrigin(
  context: Context,
  { node, env, path, via }: Origin,
  depth: number,
): string[] {
  const names = [...path, ...via.map(({ text }) => text)];
  if (ts.isParameter(node) || ts.isImportSpecifier(node)) {
    return [...names, node.name.getText()];
  }
  const isReadable = ts.isExpression(node) && !ts.isFunctionLike(node);
  return isReadable
    ? [...names, ...namesIn(context, node, env, depth + 1)]
    : names;
}
