import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Session, sqlTest as test, value } from "../support/sql.ts";
import {
  batchesOf,
  entriesOf,
  failExpiry,
  givenBatch,
  givenOrganization,
  givenUser,
  maintain,
  type Owner,
  rolloversOf,
  type Run,
  violations,
} from "./credit_maintenance_owners.ts";

/** Shortly after March has closed. */
const FIRST = "2031-04-01T00:10Z";
const LAPSED = "2031-03-20";

test("a batch that the ledger does not know is set aside and named, and everybody else's expire", async (sql) => {
  const [bad, good] = [await givenUser(sql), await givenUser(sql)];
  const orphan = await givenOrphan(sql, bad);
  await givenBatch(sql, good, { expiresAt: LAPSED });

  const run = await maintain(sql, FIRST);
  assertEquals([run.outcome, run.set_aside, run.error], ["ok", 1, null]);
  assertEquals(await setAsideBy(sql, run), [{
    action: "expire",
    owner_type: "user",
    owner_id: bad.id,
    reason: `batch without an entry: ${orphan}`,
  }]);
  assertEquals(await entriesOf(sql, bad), [["rollover_in", 20]]);
  assertEquals(
    [await expired(sql, bad), await expired(sql, good)],
    [[false], [true]],
  );

  // as docs/runbook.md has it
  await sql.query(
    `insert into public.credit_ledger (
       batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key
     )
     select id, owner_type, owner_id, 'opening_balance', remaining_amount, remaining_amount,
       'repair', 'open:' || id
     from public.credit_batches where id = $1`,
    [orphan],
  );
  const next = await maintain(sql, "2031-04-02T00:10Z");
  assertEquals(next.set_aside, 0);
  assertEquals(await expired(sql, bad), [true]);
  assertEquals(await violations(sql), []);
});

test("what the ledger and the batch disagree on is not written over", async (sql) => {
  const bad = await givenUser(sql, { allowance: null });
  const batch = await givenBatch(sql, bad, { expiresAt: LAPSED });
  const organization = await givenOrganization(sql, { allowance: null });
  const allowance = await givenBatch(sql, organization, {
    source: "subscription",
    expiresAt: "2031-04-01T00:00Z",
  });
  await pastTheGuard(
    sql,
    `update public.credit_batches set remaining_amount = 70 where id in ('${batch}', '${allowance}')`,
  );
  const run = await maintain(sql, FIRST);
  assertEquals(
    (await setAsideBy(sql, run)).map(({ action, owner_id, reason }) => [
      action,
      owner_id,
      reason,
    ]),
    [
      [
        "rollover",
        organization.id,
        `entries do not sum to the remaining amount: ${allowance}`,
      ],
      [
        "expire",
        bad.id,
        `entries do not sum to the remaining amount: ${batch}`,
      ],
    ],
  );
  for (const owner of [bad, organization]) {
    assertEquals((await batchesOf(sql, owner))[0]?.remaining, 70);
    assertEquals(await entriesOf(sql, owner), [["grant", 100]]);
  }

  await pastTheGuard(
    sql,
    `update public.credit_batches set remaining_amount = 100 where id in ('${batch}', '${allowance}')`,
  );
  const next = await maintain(sql, "2031-04-02T00:10Z");
  assertEquals(await setAsideBy(sql, next), []);
  assertEquals(await rolloversOf(sql, organization), [[50, "2031-05-01"]]);
  assertEquals((await batchesOf(sql, bad))[0]?.remaining, 0);
});

test("whatever an owner's rows make fail, of many owners only that one is set aside", async (sql) => {
  const owners: Owner[] = [];
  for (let index = 0; index < 12; index++) {
    const owner = await givenUser(sql, { allowance: null });
    await givenBatch(sql, owner, { expiresAt: LAPSED });
    owners.push(owner);
  }
  const [one, another] = owners.toSorted((a, b) => a.id < b.id ? -1 : 1)
    .slice(4, 6) as [Owner, Owner];
  await failExpiry(sql, one);
  await failExpiry(sql, another);

  const run = await maintain(sql, FIRST);
  assertEquals(run.outcome, "ok");
  assertEquals(
    (await setAsideBy(sql, run)).map(({ owner_id }) => owner_id),
    [one.id, another.id],
  );
  for (const owner of owners) {
    const isBad = owner === one || owner === another;
    assertEquals((await expired(sql, owner))[0], !isBad);
  }
  assert(Number(run.results?.expire?.expiredCount) >= 10);
});

test("a grant and a rollover that fail for one owner are made for the others, and later for that one", async (sql) => {
  const [bad, good] = [await givenUser(sql), await givenUser(sql)];
  const [badOrg, goodOrg] = [
    await givenOrganization(sql),
    await givenOrganization(sql),
  ];
  await sql.script(`
    create function pg_temp.refuse() returns trigger language plpgsql as $$
    begin
      raise exception 'no' using errcode = '23514';
    end
    $$;
    create trigger refuse before insert on public.credit_batches for each row
    when (new.owner_id in ('${bad.id}', '${badOrg.id}')) execute function pg_temp.refuse()`);
  const run = await maintain(sql, FIRST);
  assertEquals(
    (await setAsideBy(sql, run)).map(({ action, owner_type, owner_id }) => [
      action,
      owner_type,
      owner_id,
    ]),
    [["grant", "org", badOrg.id], ["rollover", "user", bad.id]],
  );
  assertEquals(await rolloversOf(sql, good), [[20, "2031-05-01"]]);
  assertEquals((await batchesOf(sql, goodOrg)).length, 1);

  await sql.script("drop trigger refuse on public.credit_batches");
  const next = await maintain(sql, "2031-04-03T00:10Z");
  assertEquals(await setAsideBy(sql, next), []);
  assertEquals(await rolloversOf(sql, bad), [[20, "2031-05-01"]]);
  assertEquals((await batchesOf(sql, badOrg)).length, 1);
  assertEquals(await rolloversOf(sql, good), [[20, "2031-05-01"]]);
});

test("what fails for more than 100 owners is no matter of their rows: the run fails and is undone", async (sql) => {
  const owners: Owner[] = [];
  for (let index = 0; index < 101; index++) {
    const owner = await givenUser(sql, { allowance: null });
    await failExpiry(sql, owner);
    owners.push(owner);
  }
  const good = await givenUser(sql, { allowance: null });
  await givenBatch(sql, good, { expiresAt: LAPSED });
  const run = await maintain(sql, FIRST, ["expire"]);
  assertEquals([run.outcome, run.results], ["failed", null]);
  assertMatch(run.error ?? "", /^23505: /);
  assertEquals(await expired(sql, good), [false]);
});

/** A lapsed batch whose opening entry somebody took out. */
async function givenOrphan(sql: Session, owner: Owner): Promise<string> {
  await sql.script(
    "alter table public.credit_batches disable trigger open_credit_batches",
  );
  const id = await givenBatch(sql, owner, { expiresAt: LAPSED });
  await sql.script(
    "alter table public.credit_batches enable trigger open_credit_batches",
  );
  return id;
}

async function pastTheGuard(sql: Session, statement: string): Promise<void> {
  await sql.script(`
    alter table public.credit_batches disable trigger guard_credit_batches;
    ${statement};
    alter table public.credit_batches enable trigger guard_credit_batches`);
}

async function expired(sql: Session, owner: Owner): Promise<boolean[]> {
  return (await batchesOf(sql, owner))
    .filter(({ source }) => source === "purchase")
    .map(({ expired }) => expired);
}

async function setAsideBy(
  sql: Session,
  { run_id }: Run,
): Promise<Record<string, string>[]> {
  return await value(
    sql,
    "select set_aside from public.maintenance_runs where id = $1",
    [run_id],
  ) as Record<string, string>[];
}
