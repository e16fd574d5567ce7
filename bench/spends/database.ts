import { openDatabase } from "../../stack/database.ts";
import { createDatabase, execute, type OwnDatabase } from "../databases.ts";

/** How many owners there are where there are many. */
export const OWNERS = 10_000;

/**
 * A database of its own in which so many users have more credits than can be spent, each in one batch, and a plain
 * balance each, which is all that an update needs.
 */
export async function givenBalances(server: string): Promise<OwnDatabase> {
  const own = await createDatabase(server);
  const database = await openDatabase({ db: own.url, seed: false });
  await database.close();
  await execute(own.url, FILL);
  await execute(own.url, "vacuum analyze public.credit_batches");
  await execute(own.url, "vacuum analyze public.plain_balances");
  return own;
}

/** The id of the nth owner. */
export function ownerOf(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
}

const FILL = `
  create temp table owners as
  select ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id
  from generate_series(0, ${OWNERS - 1}) n;
  insert into auth.users (id, email) select id, id || '@example.com' from owners;
  insert into public.credit_batches (owner_type, owner_id, original_amount, remaining_amount, expires_at, source_type)
  select 'user', id, 100000000, 100000000, now() + interval '1 year', 'purchase' from owners;
  create table public.plain_balances (owner_id uuid primary key, balance integer not null);
  insert into public.plain_balances select id, 100000000 from owners;`;
