create or replace function private.set_low_credit_threshold(
  p_owner_type text, p_owner_id uuid, p_threshold integer
)
returns void
language plpgsql
security definer -- whoever sets it may not say since when it is low
set search_path = ''
as $$
begin
  if private.may_manage_credits(p_owner_type, p_owner_id) is not true then
    raise exception 'these credits are not yours to watch' using errcode = '42501';
  end if;
  if p_threshold is null then
    delete from public.low_credit_thresholds where owner_type = p_owner_type and owner_id = p_owner_id;
    return;
  end if;
  insert into public.low_credit_thresholds (owner_type, owner_id, threshold)
  values (p_owner_type, p_owner_id, p_threshold)
  on conflict (owner_type, owner_id) do update
  set threshold = excluded.threshold, low_since = null
  where low_credit_thresholds.threshold <> excluded.threshold;
end
$$;
comment on function private.set_low_credit_threshold(text, uuid, integer) is 'See public.set_low_credit_threshold.';
revoke execute on function private.set_low_credit_threshold(text, uuid, integer) from public;
grant execute on function private.set_low_credit_threshold(text, uuid, integer) to authenticated, service_role;

create or replace function public.set_low_credit_threshold(
  p_owner_type text, p_owner_id uuid, p_threshold integer
)
returns void
language sql
set search_path = ''
begin atomic
  select private.set_low_credit_threshold(p_owner_type, p_owner_id, p_threshold);
end;
comment on function public.set_low_credit_threshold(text, uuid, integer) is
  'At how many credits left the caller, or who manages the organisation, is told; null: never.';
revoke execute on function public.set_low_credit_threshold(text, uuid, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.set_low_credit_threshold(text, uuid, integer) to authenticated, service_role;
