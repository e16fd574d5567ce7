import { readSources, statOf } from "../paths.ts";
import { Checkout } from "../project/checkout.ts";
import { configured } from "../project/config.ts";
import type { Contracts } from "./contract.ts";
import { readContracts } from "./read.ts";

/**
 * What the edge functions of a checkout take; undefined where it has none.
 *
 * @param root the folder that `supabase` is in
 */
export async function loadContracts(
  root = ".",
): Promise<Contracts | undefined> {
  const checkout = new Checkout(root);
  const names = await checkout.functions();
  if (!names || names.size === 0) return undefined;
  const functions = await configured(checkout, names);
  const entrypoints = new Map(
    functions.map(({ name, entrypoint }) => [
      name,
      checkout.at(entrypoint).replace(/^(?:\.\/)+/, ""),
    ]),
  );
  const there: string[] = [];
  for (const file of entrypoints.values()) {
    if (await statOf(file)) there.push(file);
  }
  const folder = checkout.at("supabase/functions");
  const sources = there.length > 0 ? await readSources([folder, ...there]) : [];
  return readContracts(sources, entrypoints);
}
