import type { Json } from "../../supabase/functions/_shared/database.types.ts";
import { unique } from "../support/rows.ts";
import { type Session, value } from "../support/sql.ts";

/** Who owns credits. */
export interface Owner {
  type: "user" | "org";
  id: string;
}

/** A batch as a test looks at it; dates are YYYY-MM-DD in UTC. */
export interface Batch {
  source: string;
  original: number;
  remaining: number;
  expires: string;
  expired: boolean;
}

/** What run_credit_maintenance answers. */
export interface Run {
  outcome: string;
  run_id: number | null;
  set_aside: number | null;
  results: Record<string, Record<string, Json>> | null;
  error: string | null;
}

/** A user with a plan of so many credits a month, who signed up long ago unless told. */
export async function givenUser(
  sql: Session,
  { allowance = 40, planExpiresAt = null, createdAt = "2030-01-01T00:00Z" }: {
    allowance?: number | null;
    planExpiresAt?: string | null;
    createdAt?: string;
  } = {},
): Promise<Owner> {
  const id = crypto.randomUUID();
  await sql.query("insert into auth.users (id, email) values ($1, $2)", [
    id,
    `${id}@example.com`,
  ]);
  await sql.query(
    "update public.profiles set created_at = $2, plan_expires_at = $3 where id = $1",
    [id, createdAt, planExpiresAt],
  );
  const owner: Owner = { type: "user", id };
  await givePlan(sql, owner, allowance);
  return owner;
}

/** Puts a user on a plan of their own. */
export async function givePlan(
  sql: Session,
  owner: Owner,
  allowance: number | null,
): Promise<void> {
  await sql.query(
    `with plan as (
       insert into public.plans (key, name, credit_allowance) values ($2, 'Plan', $3) returning id
     )
     update public.profiles set plan_id = plan.id from plan where profiles.id = $1`,
    [owner.id, unique("plan"), allowance],
  );
}

/** An organisation with a platform subscription to a tier of its own. */
export async function givenOrganization(
  sql: Session,
  { allowance = 100, status = "active" }: {
    allowance?: number | null;
    status?: string;
  } = {},
): Promise<Owner> {
  const id = crypto.randomUUID();
  const slug = unique("org");
  await sql.query(
    "insert into public.organizations (id, name, slug) values ($1, 'Org', $2)",
    [id, slug],
  );
  await sql.query(
    `with tier as (
       insert into public.org_platform_tiers (name, slug, credit_allowance)
       values ('Team', $2, $3) returning id
     )
     insert into public.org_platform_subscriptions (organization_id, tier_id, status)
     select $1, tier.id, $4 from tier`,
    [id, slug, allowance, status],
  );
  return { type: "org", id };
}

/** A batch. Returns its id. */
export async function givenBatch(
  sql: Session,
  owner: Owner,
  { amount = 100, source = "purchase", grantedAt = "2031-03-01", expiresAt }: {
    amount?: number;
    source?: string;
    grantedAt?: string;
    expiresAt: string;
  },
): Promise<string> {
  return String(
    await value(
      sql,
      `insert into public.credit_batches (
         owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type
       )
       values ($1, $2, $3, $3, $4, $5, $6) returning id`,
      [owner.type, owner.id, amount, grantedAt, expiresAt, source],
    ),
  );
}

/** Spends at a given time. */
export async function spend(
  sql: Session,
  owner: Owner,
  amount: number,
  at: string,
): Promise<void> {
  const success = await value(
    sql,
    `select (private.spend_credits($1, $2, $3, null, 'test', null, null, null, $4)).success`,
    [owner.type, owner.id, amount, at],
  );
  if (success !== true) throw new Error(`could not spend ${amount}`);
}

/** Runs maintenance, all of it unless told, as of `now`. */
export async function maintain(
  sql: Session,
  now: string,
  actions = ["grant", "rollover", "expire", "cleanup", "stats"],
): Promise<Run> {
  return await value(
    sql,
    "select to_jsonb(public.run_credit_maintenance($2::text[], $1, 'test'))",
    [now, actions],
  ) as Run;
}

/** An owner's batches, by expiry. */
export async function batchesOf(sql: Session, owner: Owner): Promise<Batch[]> {
  return await value(
    sql,
    `select coalesce(jsonb_agg(jsonb_build_object(
       'source', source_type, 'original', original_amount, 'remaining', remaining_amount,
       'expires', to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD'), 'expired', is_expired
     ) order by expires_at, source_type), '[]')
     from public.credit_batches where owner_type = $1 and owner_id = $2`,
    [owner.type, owner.id],
  ) as Batch[];
}

/** What was carried over for an owner: [amount, expiry] each. */
export async function rolloversOf(
  sql: Session,
  owner: Owner,
): Promise<[number, string][]> {
  return (await batchesOf(sql, owner))
    .filter(({ source }) => source === "rollover")
    .map(({ original, expires }) => [original, expires]);
}

/** An owner's ledger entries: [type, amount] each, oldest first. */
export async function entriesOf(
  sql: Session,
  owner: Owner,
): Promise<[string, number][]> {
  return await value(
    sql,
    `select coalesce(jsonb_agg(jsonb_build_array(entry_type, amount) order by id), '[]')
     from public.credit_ledger where owner_type = $1 and owner_id = $2`,
    [owner.type, owner.id],
  ) as [string, number][];
}

/** What is wrong with the ledger of these owners, and of everybody else's. */
export async function violations(sql: Session): Promise<unknown[]> {
  return await sql.query("select * from public.check_credit_ledger()");
}

/** Makes the last writing part of a run fail, whoever's credits it comes to. */
export async function breakExpiry(sql: Session): Promise<void> {
  await sql.query(
    "alter function private.expire_credits(timestamptz, uuid, uuid) rename to nothing",
  );
}

/** Makes the last writing part of a run fail, once it comes to this owner: an entry has its key already. */
export async function failExpiry(sql: Session, owner: Owner): Promise<void> {
  const doomed = await givenBatch(sql, owner, { expiresAt: "2031-03-20" });
  const other = await givenBatch(sql, owner, { expiresAt: "2031-09-01" });
  await sql.query(
    `insert into public.credit_ledger (
       batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key
     )
     select $1, $2, $3, 'reversal', -1, 99, 'test', 'expiry:' || l.batch_id || ':' || max(l.id)
     from public.credit_ledger l where l.batch_id = $4 group by l.batch_id`,
    [other, owner.type, owner.id, doomed],
  );
}
