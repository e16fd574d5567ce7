import { fileURLToPath } from "node:url";
import * as z from "zod/mini";
import { StackError } from "../../stack/errors.ts";
import type { Bundle } from "./build.ts";

const FILE = fileURLToPath(
  new URL("../../supabase/functions/budgets.json", import.meta.url),
);

/** Bytes in a KB, of which budgets are made. */
export const KB = 1_000;

const Budgets = z.strictObject({
  unit: z.literal("KB of 1,000 bytes, minified"),
  default: z.number().check(z.positive()),
  functions: z.record(z.string(), z.number().check(z.positive())),
});

/** How large a bundle may be, by function, in bytes. */
export type BudgetOf = (name: string) => number;

/**
 * Reads supabase/functions/budgets.json.
 *
 * @param names every function there is
 * @throws {StackError} when it is malformed, or has a budget for a function that is not there
 */
export async function readBudgets(
  names: readonly string[],
  file: string = FILE,
): Promise<BudgetOf> {
  const { data, error } = Budgets.safeParse(
    JSON.parse(await Deno.readTextFile(file)),
  );
  if (!data) {
    throw new StackError(
      `${file}: ${z.prettifyError(error).replaceAll("\n", " ")}`,
    );
  }
  const unknown = Object.keys(data.functions).find((it) => !names.includes(it));
  if (unknown !== undefined) {
    throw new StackError(`${file}: there is no function ${unknown}`);
  }
  return (name) => (data.functions[name] ?? data.default) * KB;
}

/** The bundles that are larger than they may be. */
export function overBudget(
  bundles: readonly Bundle[],
  budgetOf: BudgetOf,
): Bundle[] {
  return bundles.filter(({ name, code }) => code.length > budgetOf(name));
}
