import { assertEquals, assertMatch } from "@std/assert";
import { refusalOf, type Session, sqlTest } from "../support/sql.ts";
import {
  givenBatch,
  givenOrganization,
  givenUser,
  violations,
} from "./credit_maintenance_owners.ts";
import { spend, test } from "./credits_ledger_moves.ts";

const LATER = "2031-06-01";

test("an entry is never changed or taken out, even by the owner of the table", async (sql) => {
  await givenBatch(sql, await givenUser(sql), { expiresAt: LATER });
  for (
    const statement of [
      "update public.credit_ledger set cause = 'another'",
      "update public.credit_ledger set amount = 1 where false",
      "delete from public.credit_ledger",
      "truncate public.credit_ledger",
      "truncate public.credit_batches cascade",
    ]
  ) {
    const refusal = await refusalOf(sql, statement);
    assertMatch(refusal ?? "", /^23514 credit_ledger is append-only/);
  }
});

test("a batch moves by its entries only, and never changes owner or size", async (sql) => {
  const owner = await givenUser(sql, { allowance: null });
  const other = await givenUser(sql, { allowance: null });
  const batch = await givenBatch(sql, owner, { expiresAt: LATER });
  await spend(sql, owner, { amount: 40 });
  for (
    const [change, words] of [
      ["remaining_amount = 59", "credits move by credit_ledger only"],
      ["remaining_amount = 100", "credits move by credit_ledger only"],
      ["remaining_amount = 0", "credits move by credit_ledger only"],
      ["remaining_amount = 101", "credit_batches_remaining_within_original"],
      ["remaining_amount = -1", "credit_batches_remaining_amount_check"],
      ["original_amount = 60", "never change"],
      ["original_amount = 200, remaining_amount = 160", "never change"],
      [`owner_id = '${other.id}'`, "never change"],
      ["owner_type = 'org'", "never change"],
      ["id = gen_random_uuid()", "foreign key"],
    ]
  ) {
    const refusal = await refusalOf(
      sql,
      `update public.credit_batches set ${change} where id = '${batch}'`,
    );
    assertMatch(refusal ?? "", new RegExp(`^235\\d\\d .*${words}`), change);
  }
  assertMatch(
    await refusalOf(
      sql,
      `delete from public.credit_batches where id = '${batch}'`,
    ) ?? "",
    /^23503/,
  );
  assertEquals(
    await refusalOf(
      sql,
      `update public.credit_batches set description = 'A gift' where id = '${batch}'`,
    ),
    null,
  );
});

test("an entry that does not fit its batch is refused", async (sql) => {
  const owner = await givenUser(sql, { allowance: null });
  const batch = await givenBatch(sql, owner, { expiresAt: LATER });
  const other = await givenUser(sql, { allowance: null });
  const entry = (type: string, amount: number, after: number, id = owner.id) =>
    `('${batch}', 'user', '${id}', '${type}', ${amount}, ${after}, 'test', gen_random_uuid()::text)`;
  for (
    const entries of [
      entry("reversal", -10, 100),
      entry("reversal", -10, 80),
      entry("reversal", 10, 110),
      entry("reversal", -101, -1),
      entry("reversal", -10, 90, other.id),
      entry("grant", 10, 110),
      entry("opening_balance", 0, 100),
      entry("rollover_in", 10, 110),
      entry("spend", -10, 90),
      entry("expiry", 0, 100),
      entry("gift", 10, 110),
      `${entry("reversal", -10, 90)}, ${entry("reversal", -10, 80)}`,
    ]
  ) {
    const refusal = await refusalOf(sql, insertion(entries));
    assertMatch(refusal ?? "", /^235(14|05)/, entries);
  }
  const reversal = insertion(entry("reversal", -10, 90));
  assertEquals(await refusalOf(sql, reversal), null);
  const { code, remaining_needed } = await spend(sql, owner, { amount: 91 });
  assertEquals([code, remaining_needed], ["insufficient_credits", 1]);
});

test("of entries of many batches, one that does not fit refuses all, and says why", async (sql) => {
  const owner = await givenUser(sql, { allowance: null });
  const batches: string[] = [];
  for (let batch = 1; batch <= 3; batch++) {
    batches.push(await givenBatch(sql, owner, { expiresAt: LATER }));
  }
  const entry = (batch: number, amount: number, after: number) =>
    `('${
      batches[batch]
    }', 'user', '${owner.id}', 'reversal', ${amount}, ${after}, 'test', gen_random_uuid()::text)`;
  const fitting = [entry(0, -10, 90), entry(1, -20, 80), entry(2, -30, 70)];
  for (
    const [entries, words] of [
      [[...fitting.slice(0, 2), entry(2, -30, 71)], "does not fit its batch"],
      [[...fitting, entry(0, -10, 80)], "one entry a batch and statement"],
      [[...fitting, entry(0, -10, 90)], "one entry a batch and statement"],
    ] as const
  ) {
    const refusal = await refusalOf(sql, insertion(entries.join(", ")));
    assertMatch(refusal ?? "", new RegExp(`^23514 .*${words}`));
  }
  assertEquals(await refusalOf(sql, insertion(fitting.join(", "))), null);
});

const VIOLATIONS: [string, (owner: string, batch: string) => string][] = [
  [
    "batch without an entry",
    (owner) =>
      `insert into public.credit_batches (
         owner_type, owner_id, original_amount, remaining_amount, expires_at, source_type
       ) values ('user', '${owner}', 5, 5, '2031-06-01', 'grant') returning id`,
  ],
  [
    "entries do not sum to the remaining amount",
    (_, batch) =>
      `update public.credit_batches set remaining_amount = remaining_amount + 1
       where id = '${batch}' returning id`,
  ],
  [
    "remaining amount below zero or above the original",
    (_, batch) =>
      `update public.credit_batches set original_amount = 1 where id = '${batch}' returning id`,
  ],
  [
    "balances after do not follow from one another",
    (_, batch) =>
      `update public.credit_ledger set balance_after = 99
       where batch_id = '${batch}' and entry_type = 'grant' returning batch_id`,
  ],
  [
    "spend does not equal what it drew",
    (owner) =>
      `update public.credit_spends set amount = amount + 1
       where owner_id = '${owner}' and amount = 60 returning id`,
  ],
  [
    "plan allowance of the spend is not what the log says",
    (owner) =>
      `update public.credit_consumption_log set quantity = quantity + 1
       where user_id = '${owner}' and source_type = 'plan' returning spend_id`,
  ],
  [
    "consumption log does not say what the ledger says",
    (owner, batch) =>
      `update public.credit_consumption_log set quantity = quantity + 1
       where batch_id = '${batch}' and spend_id = (
         select id from public.credit_spends where owner_id = '${owner}' and amount = 60
       )
       returning spend_id`,
  ],
  [
    "more refunded to a batch than was drawn from it",
    (owner, batch) =>
      `with spend as (select * from public.credit_spends where owner_id = '${owner}' and amount = 60),
       batch as (
         update public.credit_batches set remaining_amount = remaining_amount + 51 where id = '${batch}'
       ),
       logged as (
         insert into public.credit_consumption_log (user_id, batch_id, quantity, source_type, spend_id)
         select '${owner}', '${batch}', -51, 'bonus', spend.id from spend
       )
       insert into public.credit_ledger (
         batch_id, owner_type, owner_id, entry_type, amount, balance_after, spend_id, cause, idempotency_key
       )
       select '${batch}', 'user', '${owner}', 'refund', 51, 61, spend.id, 'test', 'too much' from spend
       returning spend_id`,
  ],
];

for (const [violation, doctor] of VIOLATIONS) {
  sqlTest(`check_credit_ledger tells: ${violation}`, async (sql) => {
    const owner = await givenUser(sql, { allowance: 10 });
    const batch = await givenBatch(sql, owner, { expiresAt: LATER });
    await spend(sql, owner, { amount: 60 }); // 10 of them the allowance
    await spend(sql, owner, { amount: 40 });
    assertEquals(await violations(sql), []);
    await switchOffGuards(sql);
    const [row] = await sql.query(doctor(owner.id, batch));
    assertEquals(await violations(sql), [{
      subject_id: Object.values(row ?? {})[0],
      violation,
    }]);
  });
}

test("an organisation's batch is guarded like a user's", async (sql) => {
  const owner = await givenOrganization(sql, { allowance: null });
  await givenBatch(sql, owner, { amount: 10, expiresAt: LATER });
  assertEquals((await spend(sql, owner, { amount: 4 })).success, true);
  assertMatch(
    await refusalOf(
      sql,
      `update public.credit_batches set remaining_amount = 10 where owner_id = '${owner.id}'`,
    ) ?? "",
    /^23514 credits move by credit_ledger only/,
  );
});

function insertion(entries: string): string {
  return `insert into public.credit_ledger (
    batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key
  ) values ${entries}`;
}

/** What a superuser could do; it is undone with the test. */
async function switchOffGuards(sql: Session): Promise<void> {
  await sql.script(`
    alter table public.credit_batches disable trigger user;
    alter table public.credit_ledger disable trigger user;
    alter table public.credit_batches drop constraint credit_batches_remaining_within_original;
  `);
}
