import { assertEquals } from "@std/assert";
import { sqlTest } from "../support/sql.ts";
import { deleteUser, signedInAdmin } from "./delete_user_calls.ts";
import { address, signUp } from "./profile_sync_users.ts";
import { givenRow } from "./user_rows.ts";

sqlTest(
  "a credit transaction that names an add-on of the user does not block the deletion",
  async (sql) => {
    const admin = await signedInAdmin(sql);
    const id = await signUp(sql, { email: address() });
    const addOn = await givenRow(sql, "public.user_add_ons", { user_id: id });
    const transaction = await givenRow(sql, "public.user_credit_transactions", {
      add_on_id: String(addOn.id),
    });
    assertEquals((await deleteUser(sql, admin, id)).code, "ok");
    assertEquals(
      await sql.query(
        "select add_on_id from public.user_credit_transactions where id = $1",
        [transaction.id],
      ),
      [{ add_on_id: null }],
    );
  },
);
