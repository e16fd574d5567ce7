import ts from "typescript";
import { declarationOf, referencesTo } from "./scopes.ts";
import { functionAround } from "./functions.ts";
import { memberName } from "./unit.ts";

const SIGNS_IN =
  /^(?:signInWith\w+|signInAnonymously|signUp|verifyOtp|setSession|exchangeCodeForSession)$/;

const signedIn = new WeakMap<ts.Identifier, boolean>();

/**
 * Whether the function that makes a client also signs it in: `client.auth.signInWithPassword(…)`. Not
 * for a module's client, which a visitor uses before signing in.
 */
export function isSignedIn(name: ts.Identifier): boolean {
  let found = signedIn.get(name);
  if (found === undefined) signedIn.set(name, found = search(name));
  return found;
}

function search(name: ts.Identifier): boolean {
  const declaration = declarationOf(name);
  if (!declaration || !functionAround(name)) return false;
  return referencesTo(declaration, name).some(({ parent: auth }) =>
    memberName(auth) === "auth" && isSignIn(auth.parent)
  );
}

function isSignIn(node: ts.Node): boolean {
  const name = memberName(node);
  return name !== undefined && SIGNS_IN.test(name) &&
    ts.isCallExpression(node.parent);
}
