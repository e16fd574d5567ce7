create or replace function private.credit_balance_at(p_owner_type text, p_owner_id uuid, p_at timestamptz)
returns bigint
language plpgsql
stable
security definer -- asks may_see_credits before it shows anything
set search_path = ''
set timezone = 'UTC' -- in which months are counted
as $$
begin
  if not private.may_see_credits(p_owner_type, p_owner_id) then
    raise exception 'these credits are not yours to see' using errcode = '42501';
  end if;
  return (
    select coalesce(sum(e.amount::bigint), 0)
    -- an instant's own entries count
    from private.credit_entries(p_owner_type, p_owner_id, p_at + interval '1 microsecond', now()) e
  );
end
$$;
comment on function private.credit_balance_at(text, uuid, timestamptz) is 'See public.credit_balance_at.';
revoke execute on function private.credit_balance_at(text, uuid, timestamptz) from public;
grant execute on function private.credit_balance_at(text, uuid, timestamptz) to authenticated, service_role;

create or replace function public.credit_balance_at(
  p_owner_type text, p_owner_id uuid, p_at timestamptz default now()
)
returns bigint
language sql
stable
set search_path = ''
begin atomic
  select private.credit_balance_at(p_owner_type, p_owner_id, p_at);
end;
comment on function public.credit_balance_at(text, uuid, timestamptz) is
  'What an owner''s batches held at an instant, the plan''s allowance of the month aside. For whom credit_statement is.';
revoke execute on function public.credit_balance_at(text, uuid, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.credit_balance_at(text, uuid, timestamptz) to authenticated, service_role;
