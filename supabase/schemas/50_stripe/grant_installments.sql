create or replace function private.installments_batch(p_schedule public.payment_schedules, p_session_id text)
returns uuid
language sql
stable
set search_path = ''
as $$
  select coalesce(
    (
      select b.id from public.credit_batches b
      where b.idempotency_key = 'stripe:subscription:' || p_schedule.stripe_subscription_id
    ),
    -- granted by hand, or by the browser
    (
      select b.id from public.credit_batches b
      where b.owner_type = 'user' and b.owner_id = p_schedule.user_id and b.source_type = 'purchase'
        and b.source_reference_id in (p_schedule.stripe_subscription_id, p_session_id)
      order by b.created_at, b.id
      limit 1
    ),
    (
      select private.purchase_batch('user', p_schedule.user_id, p.id, p_session_id)
      from public.user_credit_purchases p
      where p.stripe_checkout_session_id = p_session_id and p.duplicate_of is null
    )
  );
$$;
comment on function private.installments_batch(public.payment_schedules, text) is
  'The credits of an instalment plan, whoever granted them.';
revoke execute on function private.installments_batch(public.payment_schedules, text) from public;

create or replace function private.grant_installments(
  p_schedule public.payment_schedules,
  p_session public.stripe_checkouts,
  p_package public.credit_topup_packages,
  p_now timestamptz
)
returns uuid
language plpgsql
set search_path = ''
set timezone = 'UTC' -- in which the months of validity are counted
as $$
declare
  v_batch public.credit_batches;
  v_expires_at timestamptz;
begin
  update public.user_credit_purchases
  set status = 'completed', stripe_payment_intent_id = coalesce(stripe_payment_intent_id, p_session.payment_intent_id)
  where stripe_checkout_session_id = p_session.id and p_session.state = 'paid';

  v_expires_at := coalesce(
    (
      select private.time_or_null(m)
      from private.stripe_metadata(p_schedule.stripe_subscription_id, 'expires_at') m limit 1
    ),
    p_schedule.started_at + make_interval(months => coalesce(p_package.validity_months, 24))
  );

  select * into v_batch from public.credit_batches
  where id = private.installments_batch(p_schedule, p_session.id);
  if v_batch.id is null then
    -- What was counted before the facts begin was granted, or not, by hand.
    if v_expires_at <= p_now or p_schedule.counted_until is not null then
      return null;
    end if;
    v_batch.id := private.grant_credit_batch(
      'user', p_schedule.user_id, p_schedule.credits_granted, v_expires_at, 'purchase',
      p_source_reference_id => p_schedule.stripe_subscription_id,
      p_description => 'Credits paid in ' || p_schedule.installment_count || ' instalments',
      p_idempotency_key => 'stripe:subscription:' || p_schedule.stripe_subscription_id, p_now => p_now
    );
    update public.payment_schedules set credits_expire_at = v_expires_at where id = p_schedule.id;
  elsif v_batch.expires_at = p_schedule.credits_expire_at and v_batch.expires_at <> v_expires_at
    and v_expires_at > p_now
  then
    -- the checkout came first and did not know it
    update public.credit_batches set expires_at = v_expires_at where id = v_batch.id;
    update public.payment_schedules set credits_expire_at = v_expires_at where id = p_schedule.id;
  end if;
  return v_batch.id;
end
$$;
comment on function private.grant_installments(public.payment_schedules, public.stripe_checkouts, public.credit_topup_packages, timestamptz) is
  'Grants all credits of an instalment plan, once, and returns the batch; null when they would have lapsed '
  'already, or are somebody else''s to grant.';
revoke execute on function private.grant_installments(public.payment_schedules, public.stripe_checkouts, public.credit_topup_packages, timestamptz)
  from public;
