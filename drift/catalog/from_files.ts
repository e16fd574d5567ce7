import { z } from "zod/mini";
import { keep } from "../../stack/cache.ts";
import { CACHE_DIR } from "../../stack/paths.ts";
import type { Failure } from "../platform/apply.ts";
import {
  keyOf,
  onProject,
  type ProjectFiles,
  type ProjectOptions,
  readProject,
} from "../platform/build.ts";
import { assemble } from "./assemble.ts";
import type { Catalog } from "./catalog.ts";
import { readRows } from "./from_database.ts";
import { QUERIES } from "./queries.ts";
import { CatalogRows } from "./rows.ts";

export interface FilesOptions extends ProjectOptions {
  readonly schemas: readonly string[];
  /** Told what is being done when it takes a while. */
  readonly progress?: (line: string) => void;
  /** Told why something is not taken. */
  readonly say?: (line: string) => void;
}

/** What files make, and what of them failed. */
export interface FilesCatalog {
  readonly catalog: Catalog;
  readonly failures: readonly Failure[];
}

/**
 * Reads the catalog that the schemas make on the embedded database, or else the migrations. What they
 * made once is kept under `.stack/` until they, or the queries, change.
 */
export async function fromFiles(
  { schemas, progress = () => {}, say, ...options }: FilesOptions,
): Promise<FilesCatalog> {
  const project = await readProject(options, say);
  const key = await cacheKey(project, schemas);
  const cached = await readCache(`${CACHE_DIR}/${key}${SUFFIX}`);
  if (cached) return read(cached);
  const made = await onProject(
    project,
    progress,
    async (session, failures) => ({
      rows: await readRows(session, schemas),
      failures: [...failures],
    }),
  );
  await keep(key, SUFFIX, JSON.stringify(made));
  return read(made);
}

const SUFFIX = ".catalog.json";

const Made = z.object({
  rows: CatalogRows,
  failures: z.array(z.object({
    file: z.string(),
    line: z.number(),
    message: z.string(),
    names: z.array(z.string()),
    isEcho: z.boolean(),
  })),
});

function read(
  { rows, failures }: {
    readonly rows: CatalogRows;
    readonly failures: readonly Failure[];
  },
): FilesCatalog {
  return { catalog: assemble(rows), failures };
}

async function cacheKey(
  project: ProjectFiles,
  schemas: readonly string[],
): Promise<string> {
  const parts = [keyOf(project), schemas, QUERIES];
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(hash)]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 32);
}

/** A file that was cut short, or written by another version, is no cache. */
async function readCache(
  file: string,
): Promise<z.infer<typeof Made> | undefined> {
  try {
    return Made.safeParse(JSON.parse(await Deno.readTextFile(file))).data;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
