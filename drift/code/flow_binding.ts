import ts from "typescript";
import type { Env } from "./context.ts";
import {
  type Carry,
  elementOf,
  escape,
  type Flow,
  followName,
  read,
  tellsOfError,
  under,
} from "./flow.ts";
import { nameOf } from "./members.ts";
import { declarationOf, referencesTo } from "./scopes.ts";
import { bare, spanOf } from "./unit.ts";

/** Goes on from what a value is given to: a name, or a pattern that takes it apart. */
export function bindTo(
  flow: Flow,
  target: ts.Node,
  carry: Carry,
  env: Env,
): void {
  if (ts.isIdentifier(target)) return followName(flow, target, carry, env);
  if (ts.isObjectBindingPattern(target)) {
    for (const { name, propertyName, dotDotDotToken } of target.elements) {
      const key = propertyName ?? name;
      if (dotDotDotToken) escape(flow, carry);
      else member(flow, key, name, carry, env);
    }
    return;
  }
  if (ts.isArrayBindingPattern(target)) {
    target.elements.forEach((element, index) => {
      if (ts.isOmittedExpression(element)) return;
      if (element.dotDotDotToken) escape(flow, carry);
      else at(flow, index, element.name, carry, env);
    });
    return;
  }
  assignPattern(flow, target, carry, env);
}

/** `({ data: rows, error } = …)`, `[first] = …` and what is no pattern. */
function assignPattern(
  flow: Flow,
  target: ts.Node,
  carry: Carry,
  env: Env,
): void {
  const node = ts.isExpression(target) ? bare(target) : target;
  if (ts.isObjectLiteralExpression(node)) {
    for (const property of node.properties) {
      if (ts.isShorthandPropertyAssignment(property)) {
        member(flow, property.name, property.name, carry, env);
      } else if (ts.isPropertyAssignment(property)) {
        member(flow, property.name, property.initializer, carry, env);
      } else escape(flow, carry);
    }
    return;
  }
  if (ts.isArrayLiteralExpression(node)) {
    node.elements.forEach((element, index) =>
      at(flow, index, element, carry, env)
    );
    return;
  }
  read(flow, carry);
  escape(flow, carry);
}

function member(
  flow: Flow,
  key: ts.Node,
  target: ts.Node,
  carry: Carry,
  env: Env,
): void {
  const name = ts.isPropertyName(key) ? nameOf(key) : undefined;
  if (name === undefined) return escape(flow, carry);
  if (carry.as === "result") {
    if (name === "data") {
      return bindTo(flow, target, { as: "data", path: [] }, env);
    }
    if (tellsOfError(name) && isUsed(target)) flow.error = "read";
    return;
  }
  if (carry.as === "data") {
    return bindTo(
      flow,
      target,
      under(carry, name, "property", spanOf(key)),
      env,
    );
  }
  escape(flow, carry);
}

function at(
  flow: Flow,
  index: number,
  target: ts.Node,
  carry: Carry,
  env: Env,
): void {
  if (carry.as === "list" && carry.index !== undefined) {
    if (carry.index === index) bindTo(flow, target, carry.of, env);
    return;
  }
  const element = elementOf(carry, `${index}`, spanOf(target));
  if (element) bindTo(flow, target, element, env);
  else escape(flow, carry);
}

/** Whether anybody looks at the error that is given this name. */
function isUsed(target: ts.Node): boolean {
  if (!ts.isIdentifier(target)) return true;
  const declaration = declarationOf(target);
  return !declaration || !("name" in declaration) ||
    referencesTo(declaration, declaration.name)
      .some((use) => use !== target);
}
