import { type Session, value } from "./sql.ts";
import { unique } from "./rows.ts";

// Times are seconds since 1970, months those of UTC.

/** An owner in a sequence: `plan` is a user's monthly allowance, `monthly` that of an organisation. */
export interface Owner {
  plan: number;
  planEnds: number;
  monthly: number;
}

/** Credits that are to be spent, of the owner of this index. */
export interface Wish {
  owner: number;
  amount: number;
  feature?: string;
  key?: string;
}

/** Credits that are to be granted. */
export interface Grant extends Wish {
  source: string;
  expires: number;
}

/** Credits that were granted and what became of them. */
export interface Batch extends Grant {
  id: string;
  left: number;
  granted: number;
  expired?: boolean;
  rolled?: boolean;
}

/** What a spend took from a batch, and has not given back. */
export interface Draw {
  batch: Batch;
  amount: number;
  kept: number;
}

/** A spend that was made; `refunds` are the keys of its refunds. */
export interface Spend extends Wish {
  draws: Draw[];
  refunds: string[];
}

/** One step of a sequence. A refund is of the nth spend so far, counted in circles. */
export type Step =
  & { at: number }
  & (
    | { kind: "grant" } & Grant
    | { kind: "spend" } & Wish
    | { kind: "refund"; spend: number; amount?: number; key?: string }
    | { kind: "run"; actions: string[]; times: number }
  );

/** What the database said to a step, and what it then looked like. */
export interface Played {
  code: string | null;
  /** Of a spend: amount by batch, under "" what came of the allowance. */
  draws: Record<string, number> | null;
  /** How much went back. */
  refunded: number | null;
  batches: Batch[];
  summaries: Summary[];
}

/** What an owner has. */
export interface Summary {
  total: number;
  program: number;
  bonus: number;
  plan: number | null;
  soon: number;
  earliest: number | null;
}

/** The first of the month of `at`, or of one some months later. */
export function month(at: number, later = 0): number {
  const date = new Date(at * 1000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later) / 1000;
}

/** The sum of a property. */
export function sum<Key extends string>(
  rows: Record<Key, number>[],
  key: Key,
): number {
  return rows.reduce((total, row) => total + row[key], 0);
}

/** A comparison by the first of these that differs. */
export function by<Row>(keys: (row: Row) => (number | string)[]) {
  return (a: Row, b: Row): number => {
    const others = keys(b);
    for (const [index, one] of keys(a).entries()) {
      const other = others[index] ?? "";
      if (one !== other) return one < other ? -1 : 1;
    }
    return 0;
  };
}

/** Users and an organisation that sequences can move the credits of. */
export async function givenOwners(
  sql: Session,
  types: ("user" | "org")[],
): Promise<void> {
  await sql.script(PLAYER);
  for (const [n, type] of types.entries()) {
    const id = crypto.randomUUID();
    if (type === "user") {
      await sql.query("insert into auth.users (id, email) values ($1, $2)", [
        id,
        `${id}@example.com`,
      ]);
    } else {
      await sql.query(
        "insert into public.organizations (id, name, slug) values ($1, 'Org', $2)",
        [id, unique("org")],
      );
    }
    await sql.query("insert into pg_temp.owners values ($1, $2, $3)", [
      n,
      type,
      id,
    ]);
  }
}

/** Plays a sequence and undoes it. @throws {Error} when the ledger is not sound at its end */
export async function play(
  sql: Session,
  owners: Owner[],
  steps: Step[],
): Promise<Played[]> {
  return await value(
    sql,
    "select pg_temp.play($1::text::jsonb, $2::text::jsonb)",
    [
      JSON.stringify(owners),
      JSON.stringify(steps),
    ],
  ) as Played[];
}

const PLAYER = `
create temp table owners (n integer primary key, type text, id uuid) on commit drop;

-- What is in the database, for a comparison with the oracle.
create function pg_temp.shown(p_now timestamptz) returns jsonb language sql as $$
  select jsonb_build_object(
    'batches', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', b.id, 'owner', o.n, 'source', b.source_type, 'feature', b.feature_key,
        'amount', b.original_amount, 'left', b.remaining_amount, 'expired', b.is_expired,
        'granted', extract(epoch from b.granted_at)::bigint,
        'expires', extract(epoch from b.expires_at)::bigint
      )), '[]')
      from public.credit_batches b join pg_temp.owners o on o.id = b.owner_id and o.type = b.owner_type
    ),
    'summaries', (
      select jsonb_agg(jsonb_build_object(
        'total', s.total_available, 'program', s.program_remaining, 'bonus', s.bonus_remaining,
        'plan', s.plan_remaining, 'soon', s.expiring_within_7_days,
        'earliest', extract(epoch from s.earliest_expiry)::bigint
      ) order by o.n)
      from pg_temp.owners o cross join lateral private.credit_summary(o.type, o.id, p_now) s
    )
  );
$$;

create function pg_temp.play(p_owners jsonb, p_steps jsonb) returns jsonb language plpgsql as $$
declare
  v_played jsonb := '[]';
  v_step jsonb;
  v_answer jsonb;
  v_owner pg_temp.owners;
  v_now timestamptz;
  v_spend public.credit_spend_result;
  v_refund public.credit_refund_result;
  v_run public.credit_maintenance_result;
  v_spends uuid[] := '{}';
begin
  insert into public.plans (key, name, credit_allowance)
  select 'oracle-' || o.n, 'Plan', (p_owners -> o.n ->> 'plan')::integer from pg_temp.owners o;
  update public.profiles p
  set plan_id = plan.id, plan_expires_at = to_timestamp((p_owners -> o.n ->> 'planEnds')::bigint)
  from pg_temp.owners o join public.plans plan on plan.key = 'oracle-' || o.n
  where p.id = o.id;
  insert into public.org_platform_tiers (name, slug, credit_allowance)
  select 'Tier', 'oracle-' || o.n, nullif((p_owners -> o.n ->> 'monthly')::integer, 0)
  from pg_temp.owners o;
  insert into public.org_platform_subscriptions (organization_id, tier_id, status)
  select o.id, t.id, 'active'
  from pg_temp.owners o join public.org_platform_tiers t on t.slug = 'oracle-' || o.n
  where o.type = 'org';

  for v_step in select * from jsonb_array_elements(p_steps) loop
    v_now := to_timestamp((v_step ->> 'at')::bigint);
    select * into v_owner from pg_temp.owners where n = (v_step ->> 'owner')::integer;
    v_answer := '{}';
    if v_step ->> 'kind' = 'grant' then
      begin
        perform private.grant_credit_batch(
          v_owner.type, v_owner.id, (v_step ->> 'amount')::integer,
          to_timestamp((v_step ->> 'expires')::bigint), v_step ->> 'source', v_step ->> 'feature',
          p_idempotency_key => v_step ->> 'key', p_now => v_now
        );
      exception when sqlstate '22023' then v_answer := '{"code": "refused"}';
      end;
    elsif v_step ->> 'kind' = 'spend' then
      v_spend := private.spend_credits(
        v_owner.type, v_owner.id, (v_step ->> 'amount')::integer, v_step ->> 'feature', null, null, null,
        v_step ->> 'key', v_now
      );
      if v_spend.success and v_spend.spend_id <> all (v_spends) then
        v_spends := v_spends || v_spend.spend_id;
      end if;
      v_answer := jsonb_build_object('code', v_spend.code, 'draws', (
        select jsonb_object_agg(coalesce(d ->> 'batch_id', ''), d -> 'amount')
        from jsonb_array_elements(v_spend.details) d
      ));
    elsif v_step ->> 'kind' = 'refund' and v_spends <> '{}' then
      v_refund := public.refund_credits(
        v_spends[1 + (v_step ->> 'spend')::integer % cardinality(v_spends)],
        (v_step ->> 'amount')::integer, null, v_step ->> 'key', v_now
      );
      v_answer := jsonb_build_object('code', v_refund.code, 'refunded', v_refund.refunded);
    elsif v_step ->> 'kind' = 'run' then
      for _ in 1 .. (v_step ->> 'times')::integer loop
        v_run := public.run_credit_maintenance(
          array(select jsonb_array_elements_text(v_step -> 'actions')), v_now, 'oracle'
        );
        if v_run.outcome <> 'ok' then
          raise exception '%', v_run;
        end if;
      end loop;
    end if;
    v_played := v_played || jsonb_build_array(v_answer || pg_temp.shown(v_now));
  end loop;

  if exists (select from public.check_credit_ledger()) then
    raise exception 'unsound: %', (select jsonb_agg(to_jsonb(c)) from public.check_credit_ledger() c);
  end if;
  raise exception using errcode = 'PLAYD';
exception
  when sqlstate 'PLAYD' then return v_played; -- undone, and yet known
end
$$;
`;
