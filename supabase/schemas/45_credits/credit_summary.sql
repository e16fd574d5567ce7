create or replace function private.credit_summary(
  p_owner_type text, p_owner_id uuid, p_now timestamptz default now()
)
returns public.credit_summary
language plpgsql
stable
security definer -- asks may_see_credits before it shows anything
set search_path = ''
as $$
declare
  v_summary public.credit_summary;
begin
  if not private.may_see_credits(p_owner_type, p_owner_id) then
    raise exception 'these credits are not yours to see' using errcode = '42501';
  end if;

  with live as (
    select b.* from public.credit_batches b
    where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.remaining_amount > 0
      and b.expires_at > p_now
  )
  select
    coalesce(sum(l.original_amount) filter (where l.source_type = 'program'), 0),
    coalesce(sum(l.remaining_amount) filter (where l.source_type = 'program'), 0),
    coalesce(sum(l.original_amount) filter (where l.source_type <> 'program'), 0),
    coalesce(sum(l.remaining_amount) filter (where l.source_type <> 'program'), 0),
    coalesce(sum(l.remaining_amount), 0),
    coalesce(sum(l.remaining_amount) filter (where l.expires_at <= p_now + interval '7 days'), 0),
    min(l.expires_at),
    coalesce(jsonb_agg(jsonb_build_object(
      'id', l.id, 'source_type', l.source_type, 'feature_key', l.feature_key,
      'original_amount', l.original_amount, 'remaining_amount', l.remaining_amount,
      'expires_at', l.expires_at, 'description', l.description
    ) order by l.expires_at, l.id), '[]')
  into v_summary.program_total, v_summary.program_remaining, v_summary.bonus_total,
    v_summary.bonus_remaining, v_summary.total_available, v_summary.expiring_within_7_days,
    v_summary.earliest_expiry, v_summary.batches
  from live l;

  if p_owner_type = 'user' then
    select a.allowance, a.used, case when a.allowance is not null then greatest(a.allowance - a.used, 0) end
    into v_summary.plan_allowance, v_summary.plan_used, v_summary.plan_remaining
    from private.plan_allowance(p_owner_id, p_now) a;
    v_summary.total_available := v_summary.total_available + coalesce(v_summary.plan_remaining, 0);
  end if;
  return v_summary;
end
$$;
comment on function private.credit_summary(text, uuid, timestamptz) is
  'What an owner has to spend. Raises 42501 for anybody but the owner, its managers, admins and the service '
  'role.';
revoke execute on function private.credit_summary(text, uuid, timestamptz) from public;
grant execute on function private.credit_summary(text, uuid, timestamptz) to authenticated, service_role;
