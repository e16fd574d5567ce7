import { assertEquals } from "@std/assert";
import {
  assertSound,
  availableTo,
  batchesOf,
  grant,
  inDays,
  leftIn,
  spend,
  userOf,
} from "../support/credits.ts";
import { createPerson } from "../support/people.ts";
import { givenProgram, must, only } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import {
  DisputeLife,
  PaymentLife,
  refunded,
} from "../support/stripe_payments.ts";
import { givenInstalments } from "../support/stripe_instalments.ts";
import { enrolFor, givenPackage, givenUser } from "../support/stripe_world.ts";
import {
  apply,
  applyAll,
  attentionTo,
  debtOf,
  newAccount,
  START,
  statusesOf,
} from "./stripe_events.ts";

const db = secretClient();
const account = newAccount();

Deno.test.afterEach(assertSound);

/** 100 credits for 10,000, of which so many are spent. */
async function givenPurchase(spent: number) {
  const user = await givenUser();
  const life = new PaymentLife(account, {
    amount: 10_000,
    metadata: { package_id: await givenPackage(100), user_id: user.id },
  });
  await apply(life.completed());
  if (spent > 0) await spend(user, spent);
  return { user, life, batch: only(await batchesOf(user)).id };
}

Deno.test("a debt is paid first by what is granted next, and what is over is the owner's", async () => {
  const { user, life } = await givenPurchase(80);
  await apply(refunded(account, life.charge, 10_000));
  assertEquals(await debtOf(user), 80);
  const small = await grant(user, 50);
  assertEquals([await debtOf(user), await availableTo(user)], [30, 0]);
  const large = await grant(user, 50);
  assertEquals([await debtOf(user), await availableTo(user)], [0, 20]);
  assertEquals(await leftIn(small, large), [0, 20]);
  assertEquals(await attentionTo(`stripe:${life.charge.payment_intent}`), []);
});

Deno.test("credits there are already pay, too: whether they came before or after says nothing", async () => {
  const { user, life } = await givenPurchase(80);
  const other = await grant(user, 100, { expiresAt: inDays(900) });
  await apply(refunded(account, life.charge, 10_000));
  assertEquals([await debtOf(user), await leftIn(other)], [0, [20]]);
});

Deno.test("when the money comes after all, each credit goes back to where it was", async () => {
  const { user, life, batch } = await givenPurchase(80);
  const dispute = new DisputeLife(account, life.charge);
  await apply(dispute.created());
  const other = await grant(user, 100);
  assertEquals(await leftIn(batch, other), [0, 20]);
  await apply(dispute.closed("won"));
  assertEquals([await leftIn(batch, other), await debtOf(user)], [
    [20, 100],
    0,
  ]);
});

Deno.test("what an owner enrols in while they owe is held until the debt is settled", async () => {
  for (const by of ["credits", "person"]) {
    const { user, life } = await givenPurchase(80);
    await apply(refunded(account, life.charge, 10_000));
    // credits of a feature alone pay no debt, and the plan's allowance is in no batch
    const plan = must(
      await db.from("plans").insert({
        key: `plan-${crypto.randomUUID()}`,
        name: "Plan",
        credit_allowance: 30,
      }).select("id").single(),
    );
    must(
      await db.from("profiles").update({ plan_id: plan.id }).eq("id", user.id)
        .select("id"),
    );
    await enrolFor(user, 10);
    await enrolFor(user, 0);
    assertEquals(await statusesOf(user), ["overdue", "paid"]);

    if (by === "credits") await grant(user, 200);
    else {
      const { id } = must(
        await db.from("credit_debts").select("id").eq("owner_id", user.id)
          .single(),
      );
      const ended = must(
        await db.rpc("dismiss_stripe_event", {
          p_id: id,
          p_note: "paid by transfer",
        }),
      );
      assertEquals(ended.status, "dismissed");
    }
    assertEquals([await statusesOf(user), await debtOf(user)], [
      ["paid", "paid"],
      0,
    ], by);
  }
});

Deno.test("a debt that a person has settled does not come back with the next event", async () => {
  const { user, life } = await givenPurchase(80);
  await apply(refunded(account, life.charge, 5_000));
  assertEquals(await debtOf(user), 30);
  must(
    await db.from("credit_debts").update({
      settled_at: new Date().toISOString(),
      note: "given",
    }).eq("owner_id", user.id).select("id"),
  );
  const other = await grant(user, 100);
  await apply(refunded(account, life.charge, 6_000));
  assertEquals([await debtOf(user), await leftIn(other)], [0, [90]]);
});

Deno.test("a default that a person has settled holds nothing any more, and still lets nothing more be spent", async () => {
  const { user, life } = await givenInstalments({ now: START });
  await apply(life.paid(10_000, { reason: "subscription_create" }).event);
  await enrolFor(user, 150);
  await apply(life.deleted());
  assertEquals(await statusesOf(user), ["overdue"]);
  const { id } = must(
    await db.from("credit_debts").select("id").eq("owner_id", user.id).single(),
  );
  const { error } = await db.rpc("dismiss_stripe_event", {
    p_id: id,
    p_note: "paid in cash",
  });
  assertEquals(error, null);
  assertEquals([await statusesOf(user), await availableTo(user)], [
    ["paid"],
    0,
  ]);
});

Deno.test("nobody's spend can claim to be an enrolment, and a default touches nobody else's", async () => {
  const [victim, program] = [await givenUser(), await givenProgram()];
  const { id } = must(
    await db.from("client_enrollments").insert({
      client_user_id: victim.id,
      program_id: program.id,
    }).select("id").single(),
  );
  const person = await createPerson();
  const attacker = userOf(person);
  const { life } = await givenInstalments({ now: START, user: attacker });
  await apply(life.paid(10_000, { reason: "subscription_create" }).event);
  for (const p_action_type of ["enrollment", " Enrollment"]) {
    const refusal = await spend(attacker, 150, {
      as: person.client,
      p_action_type,
      p_action_reference_id: id,
    });
    assertEquals([refusal.success, refusal.code], [false, "reserved_action"]);
  }
  await spend(attacker, 150, {
    as: person.client,
    p_action_type: "general",
    p_action_reference_id: id,
  });
  await applyAll([life.failed(10_000, { final: true }).event, life.deleted()]);
  assertEquals(await statusesOf(victim), ["paid"]);
});

Deno.test("an enrolment keeps its spend by foreign key", async () => {
  const user = await givenUser();
  await grant(user, 100);
  await enrolFor(user, 40);
  const enrollment = must(
    await db.from("client_enrollments").select(
      "credit_spends (owner_id, amount)",
    ).eq("client_user_id", user.id).single(),
  );
  assertEquals(enrollment.credit_spends, { owner_id: user.id, amount: 40 });
});
