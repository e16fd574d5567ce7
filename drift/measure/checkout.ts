import type { Catalog } from "../catalog/catalog.ts";
import { fromTypes } from "../catalog/from_types.ts";
import { loadCatalog } from "../catalog/load.ts";
import type { Source } from "../code/chain.ts";
import { isGeneratedTypes, readSources, statOf } from "../paths.ts";

/** Somebody's application, as the gate is run on it. */
export interface Checkout {
  readonly sources: readonly Source[];
  readonly catalog: Catalog;
  /** What the catalog is made of. */
  readonly by: string;
}

/**
 * Reads a checkout: its code, and its database by the largest file of generated types, or else by its
 * migrations. Files are named from its root.
 *
 * @throws when it has neither, or its migrations cannot be run
 */
export async function readCheckout(root: string): Promise<Checkout> {
  const all = await readSources([root], () => {}, { generated: true });
  const named = all.map(({ file, text }) => ({
    file: file.slice(root.replace(/^(?:\.\/)+/, "").length).replace(/^\/+/, ""),
    text,
  }));
  const [types] = named.filter(({ text }) => isGeneratedTypes(text))
    .toSorted((one, other) => other.text.length - one.text.length);
  const sources = named.filter(({ text }) => !isGeneratedTypes(text));
  if (types) {
    return { sources, catalog: fromTypes(types.text), by: types.file };
  }
  if (!await statOf(`${root}/supabase/migrations`)) {
    throw new Error("neither generated types nor supabase/migrations");
  }
  const catalog = await loadCatalog({
    kind: "files",
    supabase: `${root}/supabase`,
    schemas: ["public"],
  });
  return { sources, catalog, by: "supabase/migrations" };
}
