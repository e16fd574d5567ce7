// What an owner may use of what they bought, by the plainest means: lots in the order in which they lapse, what was
// spent of each, and how much of it is paid for. It knows nothing of ledgers, events or deliveries.

/** What a broken promise makes of an enrolment. */
type Status = "paid" | "outstanding" | "overdue";

/** Credits that were granted together. */
interface Lot {
  name: string;
  size: number;
  /** Not paid for, and so not usable. */
  unpaid: number;
  /** The part of that which is owed once it is spent. */
  owed: number;
}

/** A spend, and how much of it came from which lot and was not given back. */
interface Spend {
  draws: Map<string, number>;
  enrolled: boolean;
}

/** The instalment plan: four payments of 3,000 for 120 credits. */
const PLAN = { size: 120, payments: 4, each: 3_000 };
/** The purchase: 100 credits for 10,000. */
const PURCHASE = { size: 100, price: 10_000 };

export class MoneyOracle {
  readonly #lots: Lot[] = [];
  readonly #spends: Spend[] = [];
  #paid = 0;
  #refundedPayments = 0;
  #isMissing = false;
  #isBroken = false;
  #refunded = 0;
  #disputed = 0;

  /** The purchase is there from the start; the plan's lot comes with the first payment. */
  constructor() {
    this.#lots.push({
      name: "purchase",
      size: PURCHASE.size,
      unpaid: 0,
      owed: 0,
    });
  }

  pay(): void {
    this.#paid++;
    this.#isMissing = false;
    if (this.#paid === 1) {
      const at = this.#lots.findIndex(({ name }) => name === "purchase") + 1;
      this.#lots.splice(at, 0, {
        name: "plan",
        size: PLAN.size,
        unpaid: 0,
        owed: 0,
      });
    }
    this.#reckon();
  }

  miss(): void {
    this.#isMissing = true;
    this.#reckon();
  }

  break(): void {
    this.#isBroken = true;
    this.#reckon();
  }

  mend(): void {
    this.#isBroken = false;
    this.#reckon();
  }

  refundPayment(): void {
    this.#refundedPayments++;
    this.#reckon();
  }

  refundPurchase(total: number): void {
    this.#refunded = total;
    this.#reckon();
  }

  dispute(amount: number): void {
    this.#disputed = amount;
    this.#reckon();
  }

  grant(size: number): void {
    this.#lots.push({
      name: `grant ${this.#lots.length}`,
      size,
      unpaid: 0,
      owed: 0,
    });
  }

  /** Whether there was enough. */
  spend(amount: number, enrolled: boolean): boolean {
    if (amount > this.available) return false;
    const left = this.#left();
    const draws = new Map<string, number>();
    let missing = amount;
    for (const { name } of this.#lots) {
      const drawn = Math.min(left.get(name) ?? 0, missing);
      if (drawn > 0) draws.set(name, drawn);
      missing -= drawn;
    }
    this.#spends.push({ draws, enrolled });
    return true;
  }

  /** Gives the longest-lived credits of a spend back first. How many there were to give. */
  giveBack(index: number, amount: number): number {
    const spend = this.#spends[index];
    if (!spend) return 0;
    let missing = amount;
    for (const { name } of this.#lots.toReversed()) {
      const drawn = spend.draws.get(name) ?? 0;
      const back = Math.min(drawn, missing);
      spend.draws.set(name, drawn - back);
      missing -= back;
    }
    return amount - missing;
  }

  get spends(): number {
    return this.#spends.length;
  }

  get paid(): number {
    return this.#paid;
  }

  get isComplete(): boolean {
    return this.#paid === PLAN.payments;
  }

  get available(): number {
    return [...this.#left().values()].reduce((sum, left) => sum + left, 0);
  }

  get debt(): number {
    const free = this.#lots.reduce((sum, lot) => sum + this.#free(lot), 0);
    return Math.max(this.#due() - free, 0);
  }

  /** Of the enrolments, in their order. */
  get statuses(): Status[] {
    const held: Status = this.isComplete
      ? "paid"
      : this.#isBroken
      ? "overdue"
      : this.#isMissing
      ? "outstanding"
      : "paid";
    return this.#spends.filter(({ enrolled }) => enrolled)
      .map(({ draws }) => (draws.get("plan") ?? 0) > 0 ? held : "paid");
  }

  #spent({ name }: Lot): number {
    return this.#spends.reduce(
      (sum, { draws }) => sum + (draws.get(name) ?? 0),
      0,
    );
  }

  #free(lot: Lot): number {
    return Math.max(lot.size - lot.unpaid - this.#spent(lot), 0);
  }

  /** What is owed in all, before anything of it is paid. */
  #due(): number {
    return this.#lots.reduce(
      (sum, lot) => sum + Math.max(this.#spent(lot) - (lot.size - lot.owed), 0),
      0,
    );
  }

  /** What is left of each lot when debts are paid by those that lapse first. */
  #left(): Map<string, number> {
    let due = this.#due();
    return new Map(this.#lots.map((lot) => {
      const free = this.#free(lot);
      const share = Math.min(free, due);
      due -= share;
      return [lot.name, free - share];
    }));
  }

  #reckon(): void {
    const purchase = this.#lots.find(({ name }) => name === "purchase");
    const back = Math.min(this.#refunded + this.#disputed, PURCHASE.price);
    const gone = PURCHASE.size * back / PURCHASE.price;
    if (purchase) Object.assign(purchase, { unpaid: gone, owed: gone });

    const plan = this.#lots.find(({ name }) => name === "plan");
    if (!plan) return;
    const share = PLAN.size / PLAN.payments;
    const returned = share * this.#refundedPayments;
    const unpaid = PLAN.size - share * (this.#paid - this.#refundedPayments);
    const broken = this.#isBroken && !this.isComplete;
    const missing = this.#isMissing && !this.isComplete;
    plan.unpaid = broken || missing ? Math.max(returned, unpaid) : returned;
    plan.owed = broken ? plan.unpaid : returned;
  }
}
