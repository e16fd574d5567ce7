import * as z from "zod/mini";
import postgres from "postgres";
import type { Item } from "../../drift/live/inventory.ts";
import { takeInventory } from "../../drift/live/inventory.ts";
import { jobsInText } from "../../drift/live/jobs.ts";
import { openDatabase, readSource } from "../../stack/database.ts";
import { keep } from "../../stack/cache.ts";
import { CACHE_DIR } from "../../stack/paths.ts";
import type { Session } from "../../stack/session.ts";
import { snapshotKey } from "../../stack/snapshot.ts";
import { KINDS } from "./kinds.ts";
import { takeRows } from "./rows.ts";

/** Which of the two ways a database is made. */
export type Way = "schemas" | "migrations";

export interface InventoryOptions {
  /** The folder with config.toml, schemas and migrations. */
  readonly supabase: string;
  /** A server that a database is made on, and dropped again; without it: the embedded one. */
  readonly db?: string | undefined;
  readonly progress: (line: string) => void;
}

const SUFFIX = ".inventory.json";

/** Fewer are read again as fast, and would push out what is not. */
const WORTH_KEEPING = 1_000;

const Items = z.array(z.object({
  kind: z.string(),
  name: z.string(),
  owner: z.nullable(z.string()),
  definition: z.string(),
  normalised: z.string(),
}));

/**
 * All that is in a database which the schemas, or the migrations, make. What the embedded one had is kept
 * under `.stack/` until the files, or what is asked, change.
 *
 * @throws {StackError} when a file fails, the server is not reached, or there are no schemas
 */
export async function inventoryOf(
  from: Way,
  { supabase, db, progress }: InventoryOptions,
): Promise<readonly Item[]> {
  const source = await readSource({ supabase, from });
  // a database that can hold no jobs has those of its files
  const inText = jobsInText(source.schemas ?? source.migrations);
  const read = (session: Session) => itemsOf(session, inText);
  if (db !== undefined) {
    return await onNewDatabase(
      db,
      (url) => readDatabase({ supabase, from, db: url, progress }, read),
    );
  }
  const key = await keyOf([snapshotKey(source), KINDS, takeRows.toString()]);
  const kept = await readKept(`${CACHE_DIR}/${key}${SUFFIX}`);
  if (kept) return kept;
  const items = await readDatabase({ supabase, from, progress }, read);
  if (items.length >= WORTH_KEEPING) {
    await keep(key, SUFFIX, JSON.stringify(items));
  }
  return items;
}

/** Everything in a database, through a session that is in a transaction. */
export async function itemsOf(
  session: Session,
  inText: readonly Item[],
): Promise<Item[]> {
  const { items, jobs } = await takeInventory(session, KINDS);
  return [...items, ...jobs ?? inText, ...await takeRows(session)];
}

async function readDatabase(
  options: Parameters<typeof openDatabase>[0],
  read: (session: Session) => Promise<Item[]>,
): Promise<Item[]> {
  const database = await openDatabase({ ...options, seed: false });
  try {
    return await database.transaction(read);
  } finally {
    await database.close();
    Deno.exitCode = 0; // initdb, compiled to WASM, leaves its own behind
  }
}

async function onNewDatabase<T>(
  server: string,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const sql = postgres(server, { max: 1, onnotice: () => {} });
  const name = `schema_${crypto.randomUUID().replaceAll("-", "")}`;
  try {
    await sql.unsafe(`create database ${name}`);
    try {
      const url = new URL(server);
      url.pathname = `/${name}`;
      return await work(url.href);
    } finally {
      await sql.unsafe(`drop database ${name} with (force)`);
    }
  } finally {
    await sql.end();
  }
}

async function keyOf(parts: readonly unknown[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex().slice(0, 32);
}

/** A file that was cut short, or written by another version, is none. */
async function readKept(file: string): Promise<readonly Item[] | undefined> {
  try {
    return Items.safeParse(JSON.parse(await Deno.readTextFile(file))).data;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
