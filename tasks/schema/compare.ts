import { compare, type Difference } from "../../drift/live/compare.ts";
import type { Item } from "../../drift/live/inventory.ts";
import { readMigrations } from "../../stack/migrations.ts";
import { inventoryOf, type InventoryOptions } from "./inventories.ts";
import { undecided, undecidedText } from "./undecided.ts";

/** How the two ways to a database part. */
export interface Comparison {
  /** The schemas are the repository, the migrations what is deployed. */
  readonly differences: readonly Difference[];
  /** Lines of migrations that are to be decided on. */
  readonly open: readonly string[];
  /** All that the schemas make. */
  readonly inventory: readonly Item[];
}

/** Compares what the schemas say with what the migrations make. @throws {StackError} when a file fails */
export async function compareSchemas(
  options: InventoryOptions,
): Promise<Comparison> {
  const inventory = await inventoryOf("schemas", options);
  return {
    differences: compare(inventory, await inventoryOf("migrations", options)),
    open: undecided(await readMigrations(`${options.supabase}/migrations`))
      .map(undecidedText),
    inventory,
  };
}
