import type { Judged } from "../finding.ts";
import { checkConfig, configured } from "./config.ts";
import { Checkout } from "./checkout.ts";
import { checkImports } from "./imports.ts";
import { checkReadme } from "./readme.ts";

/** Whether config.toml, the function folders, import maps and the README's table agree, as far as they are there. */
export async function checkProject(
  checkout: Checkout = new Checkout(),
): Promise<Judged[]> {
  const functions = await checkout.functions();
  if (!functions) return [];
  return [
    ...await checkConfig(checkout, functions),
    ...await checkImports(checkout, await configured(checkout, functions)),
    ...await checkReadme(checkout, functions),
  ];
}
