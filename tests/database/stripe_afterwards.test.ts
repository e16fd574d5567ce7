import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  assertSound,
  availableTo,
  grant,
  type Owner,
  refund,
  spend,
} from "../support/credits.ts";
import { MoneyOracle } from "../support/money_oracle.ts";
import { givenProgram, must } from "../support/rows.ts";
import { sample, secretClient } from "../support/stack.ts";
import {
  type Charge,
  type Invoice,
  type StripeAccount,
  type StripeEvent,
  toldAgain,
} from "../support/stripe_account.ts";
import { givenInstalments } from "../support/stripe_instalments.ts";
import {
  DisputeLife,
  PaymentLife,
  refunded,
} from "../support/stripe_payments.ts";
import type { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import { givenPackage } from "../support/stripe_world.ts";
import {
  apply,
  attentionTo,
  debtOf,
  invoicePaymentsOf,
  START,
  statusesOf,
} from "./stripe_events.ts";

const db = secretClient();
const SEQUENCES = sample(12, 80);
const EACH = 3_000;

const amount = fc.integer({ min: 1, max: 90 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant("spend" as const), amount) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("enrol" as const), amount) },
  { weight: 4, arbitrary: fc.tuple(fc.constant("give back" as const), amount) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("grant" as const), amount) },
  ...(
    [
      "pay",
      "miss",
      "write off",
      "unpaid",
      "cancel",
      "refund payment",
      "refund purchase",
      "dispute",
      "lose",
      "win",
      "tell again",
    ] as const
  ).map((kind) => ({
    weight: kind === "pay" ? 4 : 1,
    arbitrary: fc.tuple(fc.constant(kind), amount),
  })),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

Deno.test(`${SEQUENCES} sequences past Stripe's last event agree with the oracle`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 8, maxLength: 24 }),
      async (steps) => {
        const world = await World.begin();
        for (const [index, next] of steps.entries()) {
          await world.take(next);
          await world.check(
            steps.slice(0, index + 1).map((taken) => taken.join(" ")).join(
              ", ",
            ),
          );
        }
        await assertSound();
      },
    ),
    { numRuns: SEQUENCES, seed: 20261201, endOnFailure: true },
  );
});

/** A person who has bought 100 credits and begins a trial of an instalment plan, and what the oracle thinks of them. */
class World {
  readonly #oracle = new MoneyOracle();
  readonly #told: StripeEvent[] = [];
  readonly #spends: string[] = [];
  readonly #charges: Charge[] = [];
  #missed: Invoice | undefined;
  #refunded = 0;
  #dispute: DisputeLife | undefined;
  #hasEnded = false;

  private constructor(
    private readonly user: Owner,
    private readonly account: StripeAccount,
    private readonly plan: SubscriptionLife,
    private readonly purchase: PaymentLife,
  ) {}

  static async begin(): Promise<World> {
    const { user, account, life } = await givenInstalments({
      now: START - 86_400 * 30,
      count: 4,
      credits: 120,
      total: 12_000,
    });
    const purchase = new PaymentLife(account, {
      amount: 10_000,
      metadata: {
        package_id: await givenPackage(100),
        user_id: user.id,
        expires_at: "2090-01-01T00:00:00Z",
      },
    });
    const world = new World(user, account, life, purchase);
    await world.#tell(purchase.completed());
    await world.#tell(life.created("trialing"));
    return world;
  }

  async take([kind, amount]: Step): Promise<void> {
    const { account, plan, purchase } = this;
    const oracle = this.#oracle;
    switch (kind) {
      case "spend":
        return await this.#spend(amount, false);
      case "enrol":
        return await this.#spend(amount, true);
      case "give back": {
        const index = amount % Math.max(this.#spends.length, 1);
        const back = oracle.giveBack(index, amount);
        if (back > 0) {
          const answer = await refund(this.#spends[index] ?? null, {
            p_amount: back,
          });
          assertEquals(answer.refunded, back);
        }
        return;
      }
      case "grant":
        oracle.grant(amount);
        await grant(this.user, amount, {
          expiresAt: `${2200 + this.#told.length}-01-01T00:00:00Z`,
        });
        return;
      case "pay": {
        if (oracle.isComplete || (this.#hasEnded && !this.#missed)) return;
        const { event, charge } = plan.paid(EACH, {
          ...(oracle.paid === 0 ? { reason: "subscription_create" } : {}),
          ...(this.#missed ? { invoice: this.#missed } : {}),
        });
        this.#missed = undefined;
        this.#charges.push(charge);
        oracle.pay();
        await this.#tell(event);
        if (!this.#hasEnded) {
          oracle.mend();
          await this.#tell(plan.updated("active"));
        }
        return;
      }
      case "miss":
      case "write off": {
        if (oracle.paid === 0 || oracle.isComplete || this.#hasEnded) return;
        const failed = plan.failed(EACH, {
          ...(this.#missed ? { invoice: this.#missed } : {}),
        });
        this.#missed = failed.invoice;
        oracle.miss();
        await this.#tell(failed.event);
        if (kind === "write off") {
          oracle.break();
          await this.#tell(
            account.tell("invoice.marked_uncollectible", {
              ...failed.invoice,
              status: "uncollectible",
            }),
          );
        }
        return;
      }
      case "unpaid":
        if (oracle.paid === 0 || this.#hasEnded) return;
        oracle.break();
        return await this.#tell(plan.updated("unpaid"));
      case "cancel":
        if (this.#hasEnded) return;
        this.#hasEnded = true;
        oracle.break();
        return await this.#tell(plan.deleted());
      case "refund payment": {
        const charge = this.#charges.pop();
        if (!charge) return;
        oracle.refundPayment();
        return await this.#tell(refunded(account, charge, EACH));
      }
      case "refund purchase": {
        this.#refunded = Math.min(this.#refunded + 2_500, 10_000);
        oracle.refundPurchase(this.#refunded);
        return await this.#tell(
          refunded(account, purchase.charge, this.#refunded),
        );
      }
      case "dispute":
      case "lose":
      case "win": {
        this.#dispute ??= new DisputeLife(account, purchase.charge);
        oracle.dispute(kind === "win" ? 0 : 10_000);
        return await this.#tell(
          kind === "dispute"
            ? this.#dispute.created()
            : this.#dispute.closed(kind === "win" ? "won" : "lost"),
        );
      }
      case "tell again":
        for (const event of this.#told.toReversed()) {
          await this.#tell(toldAgain(event), false);
        }
        return;
    }
  }

  async check(so_far: string): Promise<void> {
    const debt = await debtOf(this.user);
    const told = must(
      await db.from("stripe_attention").select("kind")
        .eq("owner_id", this.user.id).eq("kind", "credit_debt"),
    );
    assertEquals(
      {
        available: await availableTo(this.user),
        debt,
        isTold: told.length > 0,
        statuses: await statusesOf(this.user),
      },
      {
        available: this.#oracle.available,
        debt: this.#oracle.debt,
        isTold: this.#oracle.debt > 0,
        statuses: this.#oracle.statuses,
      },
      so_far,
    );
  }

  async #spend(amount: number, enrolled: boolean): Promise<void> {
    const isEnough = this.#oracle.spend(amount, enrolled);
    if (!enrolled) {
      const { success, spend_id } = await spend(this.user, amount);
      assertEquals(success, isEnough);
      if (spend_id) this.#spends.push(spend_id);
      return;
    }
    const program = await givenProgram({ credit_cost: amount });
    const result = must(
      await db.rpc("enroll_with_credits", {
        p_client_user_id: this.user.id,
        p_program_id: program.id,
      }),
    );
    assertEquals(result.success, isEnough);
    if (result.spend_id) this.#spends.push(result.spend_id);
  }

  async #tell(event: StripeEvent, isNew = true): Promise<void> {
    if (isNew) this.#told.push(event);
    const { status } = await apply(event);
    if (status !== "needs_fetch") return;
    const { payment_intent } = Object(event.data.object);
    await apply(event, {
      fetched: invoicePaymentsOf(this.account, payment_intent),
    });
    assertEquals(await attentionTo(event.id), []);
  }
}
