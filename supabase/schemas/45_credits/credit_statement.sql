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
