import { assertEquals } from "@std/assert";
import { refusalOf, type Session, sqlTest, value } from "../support/sql.ts";
import { type Owner, violations } from "./credit_maintenance_owners.ts";

/** When everything happens unless a test tells. */
export const NOW = "2031-03-10T00:00Z";

/** A test after which the ledger is sound. */
export function test(name: string, run: (sql: Session) => Promise<void>): void {
  sqlTest(name, async (sql) => {
    await run(sql);
    assertEquals(await violations(sql), []);
  });
}

/** What a spend answers. */
export interface Spend {
  success: boolean;
  code: string | null;
  spend_id: string | null;
  consumed: number;
  from_program: number | null;
  from_bonus: number | null;
  remaining_needed: number | null;
  details: { source: string; batch_id: string | null; amount: number }[] | null;
}

/** Spends; at NOW unless told. */
export async function spend(
  sql: Session,
  owner: Owner,
  { amount, feature, action = "test", reference, key, at = NOW }: {
    amount: number | null;
    feature?: string | null;
    action?: string;
    reference?: string;
    key?: string;
    at?: string;
  },
): Promise<Spend> {
  return await value(
    sql,
    `select to_jsonb(private.spend_credits($1, $2, $3, $4, $5, $6, null, $7, $8))`,
    [owner.type, owner.id, amount, feature ?? null, action, reference ?? null]
      .concat([key ?? null, at]),
  ) as Spend;
}

/** What a spend drew, by batch. */
export function drawn({ details }: Spend): Record<string, number> {
  return Object.fromEntries(
    (details ?? []).map(({ batch_id, source, amount }) => [
      batch_id ?? source,
      amount,
    ]),
  );
}

/** Grants. Returns the id of the batch. */
export async function grant(
  sql: Session,
  owner: Owner,
  { amount, key = null }: { amount: number | null; key?: string | null },
): Promise<unknown> {
  return await value(
    sql,
    `select private.grant_credit_batch(
       $1, $2, $3, '2031-06-01', 'grant', p_idempotency_key => $4, p_now => $5
     )`,
    [owner.type, owner.id, amount, key, NOW],
  );
}

/** Asserts that a grant is refused. */
export async function assertNotGranted(
  sql: Session,
  owner: Owner,
  amount: number | null,
  key?: string,
): Promise<void> {
  const refusal = await refusalOf(
    sql,
    `select private.grant_credit_batch(
       '${owner.type}', '${owner.id}', ${amount}, '2031-06-01', 'grant',
       p_idempotency_key => ${key ? `'${key}'` : null}, p_now => '${NOW}'
     )`,
  );
  assertEquals(refusal?.slice(0, 5), "22023");
}

/** Refunds. Returns success, code, what was refunded and what still can be. */
export async function refund(
  sql: Session,
  spendId: string | null,
  { amount = null, key = null }: {
    amount?: number | null;
    key?: string | null;
  } = {},
): Promise<unknown> {
  return await value(
    sql,
    `select jsonb_build_array(success, code, refunded, refundable)
     from public.refund_credits($1, $2, null, $3, $4)`,
    [spendId, amount, key, NOW],
  );
}

/** What is left of a batch. */
export async function leftOf(sql: Session, batchId: string): Promise<unknown> {
  return await value(
    sql,
    "select remaining_amount from public.credit_batches where id = $1",
    [batchId],
  );
}
