import * as z from "zod/mini";
import type { Session } from "../../stack/session.ts";
import { readJobs } from "./jobs.ts";
import type { Kind } from "./kind.ts";
import { KINDS } from "./kinds.ts";

const Row = z.object({
  key: z.string(),
  owner: z.nullable(z.string()),
  definition: z.string(),
});

/** One object, with what the server prints of it. */
export interface Item {
  readonly kind: string;
  /** Its name, with schema and table. */
  readonly name: string;
  /** The table or function it is of. */
  readonly owner: string | null;
  readonly definition: string;
  /** The same for definitions that mean the same. */
  readonly normalised: string;
}

/** All that a database has; undefined jobs where it cannot hold any. */
export interface Inventory {
  readonly items: readonly Item[];
  readonly jobs: readonly Item[] | undefined;
}

/** Reads a database through a session that is in a transaction. Nothing is written. */
export async function takeInventory(
  session: Session,
  kinds: readonly Kind[] = KINDS,
): Promise<Inventory> {
  await session.query("select set_config('search_path', '', true)");
  const items: Item[] = [];
  for (const { name: kind, query, normalise = String } of kinds) {
    const rows = (await session.query(query)).map((row) => Row.parse(row));
    items.push(
      ...rows.map(({ key, owner, definition }) => ({
        kind,
        name: key,
        owner,
        definition,
        normalised: normalise(definition),
      })),
    );
  }
  return { items, jobs: await readJobs(session) };
}
