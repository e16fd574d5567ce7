create type public.credit_statement_entry as (
  at timestamptz,
  entry_type text, -- of credit_ledger, or brought_forward, or allowance: credits of the month's plan, in no batch
  description text,
  amount integer, -- what the entry changed the balance by
  balance bigint, -- of the batches, after it
  allowance integer, -- what the entry used of the plan's allowance: below zero, what came back
  batch_id uuid,
  feature_key text,
  expires_at timestamptz, -- of the batch
  spend_id uuid
);
comment on type public.credit_statement_entry is 'A line of credit_statement.';

create or replace function private.entry_in_words(
  p_entry_type text, p_source_type text, p_about text, p_cause text
)
returns text
language sql
immutable
set search_path = ''
begin atomic
  select case p_entry_type
      when 'opening_balance' then 'Balance when this account was opened'
      when 'grant' then case p_source_type
        when 'purchase' then 'Bought'
        when 'subscription' then 'Allowance of the subscription'
        when 'plan' then 'Allowance of the plan'
        when 'program' then 'Part of a program'
        when 'addon' then 'Part of an add-on'
        when 'admin_grant' then 'Granted by the office'
        else 'Granted'
      end
      when 'rollover_in' then 'Carried over from the month before'
      when 'rollover_out' then 'Carried over into the next month'
      when 'spend' then 'Spent'
      when 'allowance' then 'Spent of the plan''s allowance'
      when 'refund' then 'Given back'
      when 'restoration' then 'Given back after a payment'
      when 'reversal' then 'Taken back after a payment failed or was refunded'
      when 'debt_payment' then 'Paid what was owed'
      when 'debt_return' then 'Given back of what paid a debt'
      when 'expiry' then 'Lapsed'
      when 'correction' then 'Corrected by the office'
      else initcap(replace(p_entry_type, '_', ' '))
    end
    || coalesce(': ' || nullif(
      case
        when p_entry_type = 'correction' then regexp_replace(p_cause, '^correction: ', '')
        when p_entry_type in ('opening_balance', 'rollover_in', 'rollover_out') then ''
        else p_about
      end, ''
    ), '');
end;
comment on function private.entry_in_words(text, text, text, text) is
  'What an entry of the ledger was, for its owner to read.';
revoke execute on function private.entry_in_words(text, text, text, text) from public;

create or replace function private.credit_entries(p_owner_type text, p_owner_id uuid, p_to timestamptz, p_now timestamptz)
returns table (
  at timestamptz, place bigint, entry_type text, description text, amount integer, allowance integer, batch_id uuid,
  feature_key text, expires_at timestamptz, spend_id uuid
)
language sql
stable
set search_path = ''
as $$
  select l.created_at, l.id, l.entry_type,
    private.entry_in_words(
      l.entry_type, b.source_type,
      case
        when l.entry_type = 'refund' then coalesce(nullif(l.cause, 'refund'), s.description, s.feature_key, s.action_type)
        when l.spend_id is not null then coalesce(s.description, s.feature_key, s.action_type)
        else b.description
      end, l.cause
    ),
    l.amount, 0, l.batch_id, coalesce(s.feature_key, b.feature_key), b.expires_at, l.spend_id
  from public.credit_ledger l
  join public.credit_batches b on b.id = l.batch_id
  left join public.credit_spends s on s.id = l.spend_id
  where l.owner_type = p_owner_type and l.owner_id = p_owner_id and l.created_at < p_to
  union all
  -- the plan's allowance is in no batch
  select case when c.quantity > 0 then c.consumed_at else c.created_at end, 9223372036854775806,
    case when c.quantity > 0 then 'allowance' else 'refund' end,
    private.entry_in_words(
      case when c.quantity > 0 then 'allowance' else 'refund' end, null,
      coalesce(c.description, s.description, s.feature_key, s.action_type), null
    ),
    0, c.quantity, null, c.feature_key, private.month_start(c.consumed_at) + interval '1 month', c.spend_id
  from public.credit_consumption_log c
  left join public.credit_spends s on s.id = c.spend_id
  where p_owner_type = 'user' and c.user_id = p_owner_id and c.source_type = 'plan' and c.consumed_at < p_to
    and (c.quantity > 0 or c.created_at < p_to)
  union all
  -- lapsed, though no maintenance has entered it
  select b.expires_at, 9223372036854775807, 'expiry', private.entry_in_words('expiry', b.source_type, b.description, null),
    -b.remaining_amount, 0, b.id, b.feature_key, b.expires_at, null
  from public.credit_batches b
  where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.remaining_amount > 0
    and b.expires_at <= p_now and b.expires_at < p_to
$$;
comment on function private.credit_entries(text, uuid, timestamptz, timestamptz) is
  'What became of an owner''s credits before p_to, to be read in the order of at and place. Their amounts sum to '
  'what there was to spend from batches.';
revoke execute on function private.credit_entries(text, uuid, timestamptz, timestamptz) from public;

create or replace function private.credit_statement(
  p_owner_type text, p_owner_id uuid, p_from timestamptz, p_to timestamptz
)
returns setof public.credit_statement_entry
language plpgsql
stable
security definer -- asks may_see_credits before it shows anything
set search_path = ''
set timezone = 'UTC' -- in which months are counted
as $$
declare
  v_from constant timestamptz := coalesce(p_from, '-infinity');
begin
  if not private.may_see_credits(p_owner_type, p_owner_id) then
    raise exception 'these credits are not yours to see' using errcode = '42501';
  end if;
  return query
  with entries as (
    select e.*, sum(e.amount::bigint) over (
        order by e.at, e.place, e.spend_id rows between unbounded preceding and current row
      )::bigint as balance
    from private.credit_entries(p_owner_type, p_owner_id, coalesce(p_to, 'infinity'), now()) e
  ),
  brought_forward as (
    select coalesce(sum(e.amount::bigint), 0)::bigint as balance from entries e where e.at < v_from
  )
  select l.at, l.entry_type, l.description, l.amount, l.balance, l.allowance, l.batch_id, l.feature_key, l.expires_at,
    l.spend_id
  from (
    select p_from as at, -1 as place, 'brought_forward' as entry_type, 'Balance brought forward' as description,
      0 as amount, f.balance, 0 as allowance, null::uuid as batch_id, null as feature_key,
      null::timestamptz as expires_at, null::uuid as spend_id
    from brought_forward f
    where p_from is not null
    union all
    select e.at, e.place, e.entry_type, e.description, e.amount, e.balance, e.allowance, e.batch_id, e.feature_key,
      e.expires_at, e.spend_id
    from entries e
    where e.at >= v_from
  ) l
  order by l.at, l.place, l.spend_id;
end
$$;
comment on function private.credit_statement(text, uuid, timestamptz, timestamptz) is 'See public.credit_statement.';
revoke execute on function private.credit_statement(text, uuid, timestamptz, timestamptz) from public;
grant execute on function private.credit_statement(text, uuid, timestamptz, timestamptz)
  to authenticated, service_role;

create or replace function public.credit_statement(
  p_owner_type text, p_owner_id uuid, p_from timestamptz default null, p_to timestamptz default null
)
returns setof public.credit_statement_entry
language sql
stable
set search_path = ''
begin atomic
  select * from private.credit_statement(p_owner_type, p_owner_id, p_from, p_to);
end;
comment on function public.credit_statement(text, uuid, timestamptz, timestamptz) is
  'Each entry of an owner''s credits from p_from and before p_to in words, with the balance after it, oldest first; the '
  'first line brings forward what there was at p_from. For the user, who manages the organisation, and admins.';
revoke execute on function public.credit_statement(text, uuid, timestamptz, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.credit_statement(text, uuid, timestamptz, timestamptz)
  to authenticated, service_role;
