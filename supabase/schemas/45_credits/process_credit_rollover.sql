create or replace function public.process_credit_rollover(
  p_owner_type text, p_owner_id uuid, p_max_rollover_months integer default 1
)
returns public.credit_rollover_result
language plpgsql
security definer -- writes the ledger
set search_path = ''
set timezone = 'UTC' -- in which months are counted
as $$
begin
  if p_max_rollover_months is distinct from 1 then
    raise exception 'what is carried over is valid for one month' using errcode = '22023';
  end if;
  return (
    select row(r.set_aside = '[]', r.batches_rolled, r.credits_rolled)::public.credit_rollover_result
    from private.roll_over_credits(now(), p_owner_type, p_owner_id, p_owner_id) r
  );
end
$$;
comment on function public.process_credit_rollover(text, uuid, integer) is
  'Carries over what one owner has left of the closed month; the rollover part of run_credit_maintenance.';
revoke execute on function public.process_credit_rollover(text, uuid, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.process_credit_rollover(text, uuid, integer) to service_role;
