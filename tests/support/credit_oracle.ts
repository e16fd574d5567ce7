import { type Batch, by, type Grant, month, sum } from "./credit_steps.ts";
import type { Draw, Owner, Spend, Wish } from "./credit_steps.ts";

const RANK: Record<string, number> = { allowance: 0, purchase: 2 };

/** The rules on plain arrays. Here the month of a plan is a batch too, and a batch may be of nothing. */
export class Oracle {
  readonly batches: Batch[] = [];
  readonly spends: Spend[] = [];
  constructor(private owners: Owner[], public now: number) {}

  grant(grant: Grant): string | null {
    if (grant.amount < 1 || grant.expires <= this.now) return "refused";
    const { owner, amount, source, feature } = this.#open(grant);
    const isSame = owner === grant.owner && amount === grant.amount &&
      source === grant.source && feature === grant.feature;
    return isSame ? null : "refused";
  }

  spend({ owner, amount, feature, key }: Wish): string | Spend {
    if (amount < 1) return "invalid_amount";
    const known = this.spends.find((it) =>
      key && it.owner === owner && it.key === key
    );
    const same = known?.amount === amount && known.feature === feature;
    if (known) return same ? known : "idempotency_conflict";
    const sources = this.live(owner)
      .filter((it) => !it.feature || it.feature === feature)
      .sort(by((it) => [it.expires, RANK[it.source] ?? 1, it.granted, it.id]));
    if (sum(sources, "left") < amount) return "insufficient_credits";
    const spend: Spend = {
      owner,
      amount,
      feature,
      key,
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

  /** To the longest-lived batch first; to the allowance, which has no id, last. */
  refund(spend: Spend, wanted?: number, key?: string): string | number {
    if (wanted !== undefined && wanted < 1) return "invalid_amount";
    if (key && spend.refunds.includes(key)) return 0;
    const kept = sum(spend.draws, "kept");
    let due = wanted ?? kept;
    if (due > kept) return "exceeds_spend";
    if (key && due > 0) spend.refunds.push(key);
    const lasts = ({ batch: { id, expires } }: Draw) => [id ? -expires : 0, id];
    for (const draw of spend.draws.toSorted(by(lasts))) {
      const back = Math.min(draw.kept, due);
      due -= back;
      draw.kept -= back;
      draw.batch.left += back;
    }
    return wanted ?? kept;
  }

  run(actions: string[]): void {
    const does = (action: string) => actions.includes(action);
    for (const [owner, { plan, planEnds, monthly }] of this.owners.entries()) {
      const start = month(this.now);
      const { left } = this.#monthly(owner, "allowance", plan, start - 1);
      const amount = planEnds < start ? 0 : Math.min(left, plan >> 1);
      if (does("grant")) this.#monthly(owner, "subscription", monthly);
      if (does("rollover")) this.#monthly(owner, "rollover", amount);
    }
    const lapsed = ({ id, expires }: Batch) => id && expires <= this.now;
    for (const it of this.batches.filter(lapsed)) {
      const amount = unused(it);
      const expires = month(it.expires, 1);
      const rolls = it.source === "subscription" && this.now < expires &&
        amount > 0 && !it.rolled;
      if (rolls && does("rollover")) {
        this.#open({ owner: it.owner, source: "rollover", amount, expires });
        Object.assign(it, { left: it.left - amount, rolled: true });
      }
      if (!does("expire") || rolls && !it.rolled) continue;
      Object.assign(it, { left: 0, expired: true });
    }
  }

  live(owner: number): Batch[] {
    const { plan, planEnds } = this.owners[owner]!;
    const allowance = this.#monthly(owner, "allowance", plan);
    return this.batches.filter((it) =>
      it.owner === owner && it.left > 0 && it.expires > this.now &&
      (it !== allowance || planEnds > this.now)
    );
  }

  #monthly(owner: number, source: string, amount: number, at = this.now) {
    const key = `${source} of ${owner} in ${month(at)}`;
    return this.#open({ owner, source, amount, expires: month(at, 1), key });
  }

  #open(grant: Grant): Batch {
    const known = this.batches.find((it) => grant.key && it.key === grant.key);
    const batch = { ...grant, id: "", left: grant.amount, granted: this.now };
    if (!known) this.batches.push(batch);
    return known ?? batch;
  }
}

/** What an organisation carries over of the days from the grant to the end of its month: at most half. */
function unused({ amount, left, granted }: Batch): number {
  const [start, end] = [month(granted), month(granted, 1)];
  const days = (from: number) => Math.ceil((end - from) / 86_400);
  const held = Math.floor(amount * days(granted) / days(start));
  return Math.min(left - (amount - held), held >> 1);
}
