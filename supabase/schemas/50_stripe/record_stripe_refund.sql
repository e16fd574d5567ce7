create or replace function private.record_stripe_refund(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_object constant jsonb := p_event #> '{data,object}';
begin
  if v_object ->> 'status' not in ('failed', 'canceled') then
    return 'duplicate'; -- the charge tells of it
  end if;
  insert into public.stripe_failed_refunds as r (id, payment_id, amount, failed_at)
  values (
    v_object ->> 'id', private.stripe_subject(p_event), coalesce(private.stripe_amount(v_object -> 'amount'), 0),
    private.stripe_time(p_event -> 'created')
  )
  on conflict (id) do update set failed_at = excluded.failed_at where excluded.failed_at < r.failed_at;
  return case when found then 'applied' else 'duplicate' end;
end
$$;
comment on function private.record_stripe_refund(jsonb) is
  'Keeps that a refund failed or was cancelled, once, whichever of its events tells.';
revoke execute on function private.record_stripe_refund(jsonb) from public;
