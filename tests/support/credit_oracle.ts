import {
  type Batch,
  by,
  type Grant,
  month,
  type Owner,
  type Spend,
  sum,
} from "./credits.ts";

/** Allowance first, purchases last: of two batches that expire together. */
const RANK: Record<string, number> = { allowance: 0, purchase: 2 };

/** The rules for credits on plain arrays, independent of the SQL. */
export class Oracle {
  batches: Batch[] = [];
  spends: Spend[] = [];

  constructor(public owners: Owner[], public now = 0) {}

  grant(grant: Grant): string | null {
    if (grant.amount < 1 || grant.expires <= this.now) return "refused";
    const { owner, amount } =
      this.batches.find(({ key }) => key && key === grant.key) ??
        this.#open(grant);
    return owner === grant.owner && amount === grant.amount ? null : "refused";
  }

  spend(
    owner: number,
    amount: number,
    feature?: string,
    key?: string,
  ): string | Spend {
    if (amount < 1) return "invalid_amount";
    const known = this.spends.find((it) => key && it.key === key);
    if (known) {
      return known.owner === owner && known.amount === amount
        ? known
        : "idempotency_conflict";
    }
    const sources = [this.allowance(owner), ...this.live(owner)]
      .filter((it) => !it.feature || it.feature === feature)
      .sort(by((it) => [it.expires, RANK[it.source] ?? 1, it.granted, it.id]));
    if (sum(sources, "left") < amount) return "insufficient_credits";
    const spend: Spend = {
      owner,
      amount,
      key,
      at: this.now,
      draws: [],
      refunds: [],
    };
    for (const batch of sources) {
      const drawn = Math.min(batch.left, amount - sum(spend.draws, "amount"));
      batch.left -= drawn;
      if (drawn > 0) spend.draws.push({ batch, amount: drawn, kept: drawn });
    }
    this.spends.push(spend);
    return spend;
  }

  /** How much went back: to the longest-lived batch first, to the allowance last. */
  refund(
    spend: Spend | undefined,
    wanted?: number,
    key?: string,
  ): string | number {
    if (!spend) return "unknown_spend";
    const kept = sum(spend.draws, "kept");
    const amount = wanted ?? kept;
    if (wanted !== undefined && wanted < 1) return "invalid_amount";
    if (key && spend.refunds.includes(key)) return 0;
    if (amount > kept) return "exceeds_spend";
    if (key && amount > 0) spend.refunds.push(key);
    let due = amount;
    const draws = spend.draws.toSorted(
      by(({ batch }) => [batch.id ? -batch.expires : 0, batch.id]),
    );
    for (const draw of draws) {
      const back = Math.min(draw.kept, due);
      due -= back;
      draw.kept -= back;
      draw.batch.left += back;
    }
    return amount;
  }

  run(actions: string[]): void {
    const [start, expires] = [month(this.now), month(this.now, 1)];
    this.owners.forEach(({ type, allowance }, owner) => {
      const half = Math.floor(allowance / 2);
      const unused = Math.min(this.allowance(owner, start - 1).left, half);
      for (
        const [action, source, amount] of [
          ["grant", "subscription", type === "org" ? allowance : 0],
          ["rollover", "rollover", unused],
        ] as const
      ) {
        const done = this.batches.some((it) =>
          it.owner === owner && it.source === source && it.granted >= start
        );
        if (actions.includes(action) && amount > 0 && !done) {
          this.#open({ owner, source, amount, expires });
        }
      }
    });
    for (const batch of this.batches.filter((it) => it.expires <= this.now)) {
      const expires = month(batch.expires, 1);
      const half = Math.floor(batch.amount / 2);
      const amount = Math.min(batch.left, half);
      const waits = batch.source === "subscription" && half > 0 &&
        !batch.rolled && this.now < expires;
      if (waits && amount > 0 && actions.includes("rollover")) {
        batch.rolled = true;
        batch.left -= amount;
        this.#open({ owner: batch.owner, source: "rollover", amount, expires });
      }
      if (!actions.includes("expire")) continue;
      if (!waits || batch.rolled) batch.left = 0;
      batch.expired ||= batch.left === 0;
    }
  }

  live(owner: number): Batch[] {
    return this.batches.filter((it) =>
      it.owner === owner && it.left > 0 && it.expires > this.now
    );
  }

  /** What the plan of a user still gives in the month of `at`, as if it were a batch of that month. */
  allowance(owner: number, at = this.now): Batch {
    const { type, allowance, planEnds } = this.owners[owner];
    const used = this.spends.filter((it) =>
      it.owner === owner && month(it.at) === month(at)
    )
      .flatMap(({ draws }) =>
        draws.filter(({ batch }) => batch.source === "allowance")
      );
    const left = type === "user" && planEnds > at
      ? allowance - sum(used, "kept")
      : 0;
    return {
      id: "",
      owner,
      source: "allowance",
      amount: allowance,
      left,
      granted: 0,
      expires: month(at, 1),
      expired: false,
    };
  }

  #open(grant: Grant): Batch {
    const batch = {
      ...grant,
      id: "",
      left: grant.amount,
      granted: this.now,
      expired: false,
    };
    this.batches.push(batch);
    return batch;
  }
}
