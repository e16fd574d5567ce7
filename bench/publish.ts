import { toChart } from "./chart.ts";
import { type Goal, goalLine } from "./goals.ts";
import type { Options } from "./options.ts";
import { pairsOf } from "./pairs.ts";
import type { Row } from "./report.ts";
import type { SpendRow } from "./spends/contest.ts";
import { toSpendTable } from "./spends/table.ts";
import { captionOf, type Surroundings } from "./surroundings.ts";
import { toTable } from "./table.ts";

/** What a run found. */
export interface Results {
  readonly measured: Surroundings;
  readonly rows: readonly Row[];
  readonly spends: readonly SpendRow[];
  readonly goals: readonly Goal[];
}

/** Prints the table and the goals, and writes the files that are asked for as `deno fmt` likes them. */
export async function publish(
  results: Results,
  { json, svg }: Pick<Options, "json" | "svg">,
): Promise<void> {
  const { measured, rows, spends, goals } = results;
  const caption = captionOf(measured);
  const tables = [
    ...(rows.length > 0 ? [toTable(rows)] : []),
    ...(spends.length > 0 ? [toSpendTable(spends)] : []),
  ];
  console.log([...tables, caption].join("\n\n"));
  if (goals.length > 0) console.log(`\n${goals.map(goalLine).join("\n")}`);

  const pairs = pairsOf(rows);
  if (json) await write(json, `${JSON.stringify(results, null, 2)}\n`);
  if (svg && pairs.length > 0) await write(svg, toChart(pairs, caption));
}

async function write(file: string, text: string): Promise<void> {
  await Deno.writeTextFile(file, text);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", file],
  }).output();
  if (!success) throw new Error(`${file} cannot be formatted`);
}
