import { assertEquals } from "@std/assert";
import postgres from "postgres";
import { parallel, tally } from "../support/parallel.ts";
import { createPerson } from "../support/people.ts";
import {
  givenCohort,
  givenEnrolment,
  givenProgram,
  must,
  unique,
} from "../support/rows.ts";
import { api, realPostgres, secretClient } from "../support/stack.ts";

const db = secretClient();
const soon = new Date(Date.now() + 7 * 86_400_000).toISOString();

/** A test with real parallel connections, each call on one of its own. */
function raceTest(
  name: string,
  run: (sql: postgres.Sql) => Promise<void>,
): void {
  Deno.test({
    name: `${name}, on real Postgres`,
    ...realPostgres,
    fn: async () => {
      if (!api.dbUrl) throw new Error("SUPABASE_DB_URL is not set");
      const sql = postgres(api.dbUrl, { max: 50, onnotice: () => {} });
      try {
        await run(sql);
        assertEquals(must(await db.rpc("check_credit_ledger")), []);
      } finally {
        await sql.end();
      }
    },
  });
}

raceTest(
  "50 parallel spends of 1 on a balance of 10: exactly 10 succeed",
  async (sql) => {
    const { id } = await createPerson();
    await grant(id, 6);
    await grant(id, 4);
    const codes = await parallel(50, async () => {
      const [result] = await sql`
      select coalesce(code, 'spent') as code
      from public.consume_credits_fifo('user', ${id}, 1)`;
      return result?.code;
    });
    assertEquals(tally(codes), { spent: 10, insufficient_credits: 40 });
    assertEquals(await balanceOf(id), 0);
  },
);

raceTest(
  "a spend that waits for another sees what is left, never a false shortage",
  async (sql) => {
    const { id } = await createPerson();
    await grant(id, 30);
    const codes = await parallel(3, async () => {
      const [result] = await sql`
      select coalesce(code, 'spent') as code
      from public.consume_credits_fifo('user', ${id}, 10)`;
      return result?.code;
    });
    assertEquals(tally(codes), { spent: 3 });
  },
);

raceTest(
  "20 parallel spends under one key are one, and another owner's under it another",
  async (sql) => {
    const people = [await createPerson(), await createPerson()];
    for (const { id } of people) await grant(id, 10);
    const key = unique("session");
    const spends = await parallel(20, async (index) => {
      const { id } = people[index % 2]!;
      const [result] = await sql`
        select coalesce(code, spend_id::text) as spend
        from public.consume_credits_fifo(
          'user', ${id}, 4, null, 'service', 'insights', null, ${key}
        )`;
      return `${index % 2} ${result?.spend}`;
    });
    assertEquals(Object.values(tally(spends)), [10, 10]);
    for (const { id } of people) assertEquals(await balanceOf(id), 6);
  },
);

raceTest(
  "20 parallel presses of an admin's button grant once and correct once",
  async (sql) => {
    const [admin, person] = [
      await createPerson({ role: "admin" }),
      await createPerson(),
    ];
    const as = (work: (sql: postgres.TransactionSql) => Promise<unknown>) =>
      sql.begin(async (transaction) => {
        await transaction`select
          set_config('request.jwt.claims', ${
          JSON.stringify({ role: "authenticated", sub: admin.id })
        }, true), set_config('role', 'authenticated', true)`;
        await work(transaction);
      });
    await parallel(20, () =>
      as((it) =>
        it`select public.grant_credit_batch(
          'user', ${person.id}, 10, ${soon}, 'admin_grant', null, null, 'For the pilot')`
      ));
    assertEquals(await balanceOf(person.id), 10);
    const [batch] = await sql`
      select id from public.credit_batches where owner_id = ${person.id}`;
    await parallel(
      20,
      () =>
        as((it) =>
          it`select public.correct_credits(${batch?.id}, -3, 'Too many')`
        ),
    );
    assertEquals(await balanceOf(person.id), 7);
    const audited = must(
      await db.from("admin_audit_logs").select("action")
        .eq("actor_id", admin.id).like("action", "credits.%"),
    );
    assertEquals(audited.map(({ action }) => action).sort(), [
      "credits.correct",
      "credits.grant",
    ]);
  },
);

raceTest("50 parallel enrolments on 3 places: exactly 3", async (sql) => {
  const program = await givenProgram({ capacity: 3, credit_cost: 5 });
  const people = await Promise.all(
    Array.from({ length: 50 }, () => createPerson()),
  );
  await Promise.all(people.map(({ id }) => grant(id, 5)));
  const codes = await parallel(50, async (index) => {
    const [result] = await sql`
      select coalesce(code, 'enrolled') as code
      from public.enroll_with_credits(${
      people[index]?.id ?? ""
    }, ${program.id})`;
    return result?.code;
  });
  assertEquals(tally(codes), { enrolled: 3, program_full: 47 });
  const balances = await Promise.all(people.map(({ id }) => balanceOf(id)));
  assertEquals(balances.filter((balance) => balance === 0).length, 3);
});

raceTest(
  "20 parallel joins of a waitlist share no position and leave no gap",
  async (sql) => {
    const cohort = await givenCohort({ capacity: 1 });
    await givenEnrolment({ client: await createPerson(), cohort });
    const people = await Promise.all(
      Array.from({ length: 20 }, () => createPerson()),
    );
    const positions = await parallel(20, async (index) => {
      return await sql.begin(async (transaction) => {
        await transaction`select set_config('request.jwt.claim.sub', ${
          people[index]?.id ?? ""
        }, true)`;
        const [result] = await transaction`
        select position from private.join_cohort_waitlist(${cohort.id})`;
        return Number(result?.position);
      });
    });
    assertEquals(
      positions.sort((a, b) => a - b),
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  },
);

raceTest(
  "one purchase confirmed 20 times at once is one batch",
  async (sql) => {
    const { id } = await createPerson();
    const key = unique("purchase");
    const batches = await parallel(20, async () => {
      const [result] = await sql`
      select public.grant_credit_batch(
        'user', ${id}, 25, ${soon}, 'purchase', p_idempotency_key => ${key}
      ) as id`;
      return result?.id;
    });
    assertEquals(new Set(batches).size, 1);
    assertEquals(await balanceOf(id), 25);
  },
);

raceTest(
  "of two maintenance runs at once one works and the other says so",
  async (sql) => {
    await sql.begin(async (first) => {
      const [working] = await first`
      select outcome from public.run_credit_maintenance(array['stats'])`;
      const [waiting] = await sql`
      select outcome from public.run_credit_maintenance(array['stats'])`;
      assertEquals([working?.outcome, waiting?.outcome], [
        "ok",
        "already_running",
      ]);
    });
    const [later] = await sql`
    select outcome from public.run_credit_maintenance(array['stats'])`;
    assertEquals(later?.outcome, "ok");
  },
);

raceTest(
  "spends, refunds and maintenance at once neither deadlock nor lose a credit",
  async (sql) => {
    const people = await Promise.all(
      Array.from({ length: 5 }, () => createPerson()),
    );
    for (const { id } of people) {
      for (let batch = 0; batch < 5; batch++) await grant(id, 20);
    }
    await parallel(150, async (index) => {
      const id = people[index % people.length]?.id ?? "";
      if (index % 10 === 9) {
        // far ahead, so that everybody's batches lapse and are locked; undone
        await sql.begin(async (transaction) => {
          await transaction`
          select private.expire_credits(now() + interval '8 days')`;
          throw new Undo();
        }).catch(rethrowUnlessUndo);
        return;
      }
      const [spend] = await sql`
      select spend_id from public.consume_credits_fifo('user', ${id}, 3)`;
      if (index % 2 === 0 && spend?.spend_id) {
        await sql`select from public.refund_credits(${spend.spend_id}, 2)`;
      }
    });
    for (const { id } of people) {
      const [kept] = await sql`
      select sum(quantity)::integer as credits
      from public.credit_consumption_log where user_id = ${id}`;
      assertEquals(await balanceOf(id), 100 - Number(kept?.credits));
    }
  },
);

class Undo extends Error {}

function rethrowUnlessUndo(error: unknown): void {
  if (!(error instanceof Undo)) throw error;
}

async function grant(id: string, amount: number): Promise<void> {
  must(
    await db.rpc("grant_credit_batch", {
      p_owner_type: "user",
      p_owner_id: id,
      p_amount: amount,
      p_expires_at: soon,
      p_source_type: "grant",
    }),
  );
}

async function balanceOf(id: string): Promise<number> {
  const { total_available } = must(
    await db.rpc("get_user_credit_summary_v2", { p_user_id: id }),
  );
  return Number(total_available);
}
