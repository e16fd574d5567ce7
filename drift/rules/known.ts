import type { Name } from "../touch/literal.ts";
import type { Touched } from "../touch/touched.ts";
import type { Suggestion } from "./suggest.ts";

/**
 * What the project's renames say of a name. It is certain where the new name can stand in its place; where
 * a table, view or function of the schema answers instead, it is named, and the query is for a person to
 * write anew. Undefined where they say nothing, or what is not there.
 *
 * @param key as in the file of renames: `profiles.full_name`, `group_members`
 * @param candidates what can stand there
 * @param written what the fix writes for the new name
 */
export function known(
  { catalog, schema }: Touched,
  key: string,
  name: Name,
  candidates: readonly string[],
  written: (suggestion: string) => string = (suggestion) => suggestion,
): Suggestion | undefined {
  const suggestion = catalog.renames?.get(key);
  if (suggestion === undefined) return undefined;
  if (candidates.includes(suggestion)) {
    return { suggestion, fix: { span: name.span, text: written(suggestion) } };
  }
  const answers = schema?.relations.has(suggestion) ||
    schema?.functions.has(suggestion);
  return answers ? { suggestion } : undefined;
}
