import { readConfig } from "../../stack/config.ts";
import type { Failure } from "../platform/apply.ts";
import type { Catalog } from "./catalog.ts";
import { fromDatabase } from "./from_database.ts";
import { fromFiles } from "./from_files.ts";
import { fromTypes } from "./from_types.ts";

/** Where a catalog is read from. `schemas` are those the Data API exposes; default: config.toml's. */
export type CatalogSource =
  | {
    readonly kind: "database";
    readonly url: string;
    readonly schemas?: readonly string[];
  }
  | { readonly kind: "types"; readonly file: string }
  | {
    readonly kind: "files";
    /** The folder with schemas and migrations; default: that of this repository. */
    readonly supabase?: string;
    /** A folder of migrations, whatever else there is. */
    readonly migrations?: string | undefined;
    readonly schemas?: readonly string[];
    readonly progress?: (line: string) => void;
    /** Told why something is not taken. */
    readonly say?: (line: string) => void;
    /** Told what failed: what it would have made is not judged. */
    readonly failed?: (failures: readonly Failure[]) => void;
  };

/** Reads the catalog. @throws when the source cannot be read, which the message names */
export async function loadCatalog(source: CatalogSource): Promise<Catalog> {
  switch (source.kind) {
    case "types":
      return fromTypes(await Deno.readTextFile(source.file));
    case "database":
      return await fromDatabase(source.url, source.schemas ?? await exposed());
    case "files": {
      const { catalog, failures } = await fromFiles({
        ...source,
        schemas: source.schemas ?? await exposed(),
      });
      if (failures.length === 0) return catalog;
      source.failed?.(failures);
      const unknown = new Set(failures.flatMap(({ names }) => names));
      return { ...catalog, unknown };
    }
  }
}

async function exposed(): Promise<readonly string[]> {
  const { api } = await readConfig();
  return api.schemas;
}
