import { markdownTable } from "../support/table.ts";
import { type Bundle, gzipSize } from "./build.ts";
import { type BudgetOf, KB, overBudget } from "./budgets.ts";
import type { ColdStart } from "./cold_start.ts";
import { weigh } from "./weights.ts";

/** Prints what each bundle weighs and takes. Whether all are within their budgets. */
export function printSizes(
  bundles: readonly Bundle[],
  budgetOf: BudgetOf,
  starts?: ReadonlyMap<string, ColdStart>,
): boolean {
  const head = ["function", "KB", "gzip KB", "budget KB"];
  if (starts) head.push("cold start ms", "empty ms", "ratio");
  const rows = bundles.map((bundle) => [
    bundle.name,
    kilobytes(bundle.code.length),
    kilobytes(gzipSize(bundle)),
    String(budgetOf(bundle.name) / KB),
    ...starts ? startCells(starts.get(bundle.name)) : [],
  ]);
  console.log(markdownTable(head, rows));

  const over = overBudget(bundles, budgetOf);
  for (const { name, code } of over) {
    console.error(
      `${name} is over its budget: ${kilobytes(code.length)} KB of ${
        budgetOf(name) / KB
      } (deno task bundle --analyze ${name})`,
    );
  }
  return over.length === 0;
}

/** Prints what a bundle is made of. */
export function printWeights(bundle: Bundle): void {
  const rows = weigh(bundle).map(({ of, bytes }) => [
    of,
    kilobytes(bytes),
    `${(100 * bytes / bundle.code.length).toFixed(1)} %`,
  ]);
  console.log(markdownTable([bundle.name, "KB", "share"], [
    ...rows,
    ["(all)", kilobytes(bundle.code.length), "100.0 %"],
  ]));
}

function startCells(start?: ColdStart): string[] {
  if (!start) return ["", "", ""];
  const { own, empty } = start;
  return [own.toFixed(0), empty.toFixed(0), (own / empty).toFixed(2)];
}

function kilobytes(bytes: number): string {
  return (bytes / KB).toFixed(1);
}
