import { assertEquals } from "@std/assert";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { sqlTest, value } from "../support/sql.ts";

sqlTest(
  "a batch from before the ledger gets an opening entry, once",
  async (sql) => {
    const violations = () => sql.query("select * from check_credit_ledger()");
    assertEquals(await violations(), []);

    await sql.query(
      "alter table public.credit_batches disable trigger open_credit_batches",
    );
    const id = await value(
      sql,
      `insert into public.credit_batches (
       owner_type, owner_id, original_amount, remaining_amount, expires_at, source_type
     ) values ('user', gen_random_uuid(), 10, 7, now() + interval '1 day', 'grant') returning id`,
    );
    assertEquals(await violations(), [{
      subject_id: id,
      violation: "batch without an entry",
    }]);

    const migration = await Deno.readTextFile(
      `${MIGRATIONS_DIR}/20260326095347_credits.sql`,
    );
    for (let run = 0; run < 2; run++) await sql.script(migration);

    assertEquals(await violations(), []);
    assertEquals(
      await sql.query(
        "select entry_type, amount, balance_after from public.credit_ledger where batch_id = $1",
        [id],
      ),
      [{ entry_type: "opening_balance", amount: 7, balance_after: 7 }],
    );
  },
);
