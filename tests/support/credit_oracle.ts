import {
  type Batch,
  by,
  type Grant,
  month,
  type Owner,
  type Spend,
  sum,
} from "./credits.ts";

/** The rules for credits on plain arrays. A month of a plan is a batch here, which it is not in SQL. */
export class Oracle {
  batches: Batch[] = [];
  spends: Spend[] = [];
  closed = new Set<number>();

  constructor(private owners: Owner[], public now: number) {}

  grant(grant: Grant): string | null {
    if (grant.amount < 1 || grant.expires <= this.now) return "refused";
    const { owner, amount } = this.#open(grant);
    return owner === grant.owner && amount === grant.amount ? null : "refused";
  }

  spend({ owner, amount, feature, key }: Omit<Grant, "expires" | "source">) {
    if (amount < 1) return "invalid_amount";
    const known = this.spends.find((it) => key && it.key === key);
    if (known && (known.owner !== owner || known.amount !== amount)) {
      return "idempotency_conflict";
    }
    if (known) return known;
    const sources = this.live(owner)
      .filter((it) => !it.feature || it.feature === feature)
      .sort(by((it) => [it.expires, RANK[it.source] ?? 1, it.granted, it.id]));
    if (sum(sources, "left") < amount) return "insufficient_credits";
    const spend: Spend = { owner, amount, key, draws: [], refunds: [] };
    for (const batch of sources) {
      const drawn = Math.min(batch.left, amount - sum(spend.draws, "amount"));
      batch.left -= drawn;
      if (drawn > 0) spend.draws.push({ batch, amount: drawn, kept: drawn });
    }
    this.spends.push(spend);
    return spend;
  }

  refund(spend?: Spend, wanted?: number, key?: string): string | number {
    if (!spend) return "unknown_spend";
    if (wanted !== undefined && wanted < 1) return "invalid_amount";
    if (key && spend.refunds.includes(key)) return 0;
    const kept = sum(spend.draws, "kept");
    let due = wanted ?? kept;
    if (due > kept) return "exceeds_spend";
    if (key && due > 0) spend.refunds.push(key);
    const draws = spend.draws.toSorted(
      by(({ batch: it }) => [it.source === "allowance", -it.expires, it.id]),
    );
    for (const draw of draws) {
      const back = Math.min(draw.kept, due);
      due -= back;
      draw.kept -= back;
      draw.batch.left += back;
    }
    return wanted ?? kept;
  }

  run(actions: string[]): void {
    const [grants, rolls, expires] = ["grant", "rollover", "expire"]
      .map((action) => actions.includes(action));
    const [start, end] = [month(this.now), month(this.now, 1)];
    for (const [owner, it] of this.owners.entries()) {
      const key = `subscription ${owner} ${start}`;
      const amount = Math.min(
        this.allowance(owner, start - 1).left,
        Math.floor(it.plan / 2),
      );
      if (grants && it.subscription > 0) {
        this.#open({ owner, source: "subscription", amount: it.subscription, expires: end, key });
      }
      if (rolls && !this.closed.has(start) && it.planEnds >= start && amount > 0) {
        this.#open({ owner, source: "rollover", amount, expires: end });
      }
    }
    if (rolls) this.closed.add(start);
    for (const it of this.batches.filter((it) => it.expires <= this.now)) {
      if (rolls && this.#waits(it)) {
        const amount = Math.min(it.left, Math.floor(it.amount / 2));
        it.left -= amount;
        it.rolled = true;
        this.#open({ ...it, source: "rollover", amount, expires: month(it.expires, 1), key: undefined });
      }
      if (expires && !this.#waits(it)) it.left = 0;
      it.expired ||= expires && it.left === 0;
    }
  }

  live(owner: number): Batch[] { }
