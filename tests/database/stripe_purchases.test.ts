import { assertEquals } from "@std/assert";
import {
  assertSound,
  availableTo,
  batchesOf,
  grant,
  type Owner,
} from "../support/credits.ts";
import { must, only, unique } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { toldAgain } from "../support/stripe_account.ts";
import { PaymentLife } from "../support/stripe_payments.ts";
import {
  givenOrg,
  givenPackage,
  givenPendingPurchase,
  givenUser,
} from "../support/stripe_world.ts";
import { apply, applyAll, newAccount } from "./stripe_events.ts";

const db = secretClient();
const account = newAccount();

Deno.test.afterEach(assertSound);

async function pending(owner: Owner, life: PaymentLife, credits = 50) {
  await givenPendingPurchase(owner, {
    session: life.id,
    credits,
    amount: 5_000,
    expiresAt: "2099-01-01T00:00:00Z",
  });
}

async function purchaseOf({ type, id }: Owner) {
  return only(
    type === "user"
      ? must(
        await db.from("user_credit_purchases").select("id, status")
          .eq("user_id", id),
      )
      : must(
        await db.from("org_credit_purchases").select("id, status")
          .eq("organization_id", id),
      ),
  );
}

for (const given of [givenUser, givenOrg]) {
  Deno.test(`credits are granted once, whose browser never comes back (${given.name})`, async () => {
    const owner = await given();
    const life = new PaymentLife(account, { amount: 5_000 });
    await pending(owner, life);
    const paid = life.completed();
    await applyAll([paid, toldAgain(paid), life.asyncSucceeded()]);
    const { id, status } = await purchaseOf(owner);
    assertEquals(status, "completed");
    const { remaining_amount, source_reference_id } = only(
      await batchesOf(owner),
    );
    assertEquals([remaining_amount, source_reference_id], [50, id]);
  });

  Deno.test(`what the browser granted on its return is not granted again (${given.name})`, async () => {
    for (const by of ["purchase", "session", "status"]) {
      const owner = await given();
      const life = new PaymentLife(account, { amount: 5_000 });
      await pending(owner, life);
      const { id } = await purchaseOf(owner);
      const table = owner.type === "user"
        ? "user_credit_purchases"
        : "org_credit_purchases";
      must(
        await db.from(table).update({ status: "completed" }).eq("id", id)
          .select("id"),
      );
      await grant(
        owner,
        50,
        by === "status" ? {} : {
          p_source_reference_id: by === "purchase" ? id : life.id,
        },
      );
      await apply(life.completed());
      assertEquals(await availableTo(owner), 50, by);
    }
  });
}

Deno.test("a method that takes days is waited for, and may fail", async () => {
  const [happy, sad] = [await givenUser(), await givenUser()];
  const [paid, failed] = [
    new PaymentLife(account, { amount: 5_000 }),
    new PaymentLife(account, { amount: 5_000 }),
  ];
  await pending(happy, paid);
  await pending(sad, failed);
  await applyAll([paid.completed("unpaid"), failed.completed("unpaid")]);
  assertEquals((await purchaseOf(happy)).status, "pending");
  assertEquals(await batchesOf(happy), []);

  await applyAll([paid.asyncSucceeded(), failed.asyncFailed()]);
  assertEquals((await purchaseOf(happy)).status, "completed");
  assertEquals((await batchesOf(happy)).length, 1);
  assertEquals((await purchaseOf(sad)).status, "failed");
  assertEquals(await batchesOf(sad), []);
});

Deno.test("a session that expires ends its purchase, but not one that was completed", async () => {
  const user = await givenUser();
  const life = new PaymentLife(account, { amount: 5_000 });
  await pending(user, life);
  await apply(life.expired());
  assertEquals((await purchaseOf(user)).status, "expired");
  await applyAll([life.completed(), life.expired()]);
  assertEquals((await purchaseOf(user)).status, "completed");
  assertEquals((await batchesOf(user)).length, 1);
});

Deno.test("a purchase that was not noted down is made from the session's metadata", async () => {
  const [user, org] = [await givenUser(), await givenOrg()];
  const package_id = await givenPackage(70);
  const ofUser = new PaymentLife(account, {
    amount: 9_000,
    metadata: { package_id, user_id: user.id },
  });
  const ofOrg = new PaymentLife(account, {
    amount: 9_000,
    metadata: { organization_id: org.id, credit_value: "80" },
  });
  await applyAll([ofUser.completed(), ofOrg.completed()]);
  assertEquals(await availableTo(user), 70);
  assertEquals(await availableTo(org), 80);
  const [{ expires_at } = { expires_at: "" }] = await batchesOf(user);
  const { validity_months } = must(
    await db.from("credit_topup_packages").select().eq("id", package_id)
      .single(),
  );
  assertEquals(validity_months, 24);
  const expected = new Date(account.now * 1000);
  assertEquals(
    new Date(expires_at).getUTCFullYear(),
    expected.getUTCFullYear() + 2,
  );
});

Deno.test("a payment that is not ours is ignored, one of ours without an owner needs a person", async () => {
  const foreign = new PaymentLife(account, {
    amount: 1,
    metadata: { order_id: unique("order") },
  });
  const nobodys = new PaymentLife(account, {
    amount: 1,
    metadata: { package_id: await givenPackage(1), user_id: "nobody" },
  });
  assertEquals(
    await applyAll([foreign.completed(), nobodys.completed()]),
    ["ignored not_ours", "unmatched unknown_user"],
  );
});
