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
