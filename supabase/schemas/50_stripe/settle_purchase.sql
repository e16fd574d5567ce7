create or replace function private.settle_purchase(p_session_id text, p_now timestamptz)
returns text
language plpgsql
set search_path = ''
set timezone = 'UTC' -- in which the months of validity are counted
as $$
declare
  v_session public.stripe_checkouts;
  v_user public.user_credit_purchases;
  v_org public.org_credit_purchases;
  v_owner_type text;
  v_owner_id uuid;
  v_purchase_id uuid;
  v_was_completed boolean;
  v_credits integer;
  v_package_credits integer;
  v_amount integer;
  v_currency text;
  v_validity integer;
  v_package_id uuid;
  v_expires_at timestamptz;
  v_batch_id uuid;
begin
  select * into v_session from public.stripe_checkouts where id = p_session_id;
  select * into v_user from public.user_credit_purchases where stripe_checkout_session_id = p_session_id for update;
  select * into v_org from public.org_credit_purchases where stripe_checkout_session_id = p_session_id for update;

  if v_session.state <> 'paid' then
    update public.user_credit_purchases set status = v_session.state
    where id = v_user.id and v_session.state <> 'open' and status is distinct from 'completed';
    update public.org_credit_purchases set status = v_session.state
    where id = v_org.id and v_session.state <> 'open' and status is distinct from 'completed';
    return case v_session.state when 'open' then 'awaiting_payment' else 'purchase_' || v_session.state end;
  end if;

  -- Whose
  if v_org.id is not null or (v_user.id is null and v_session.metadata ? 'organization_id') then
    v_owner_type := 'org';
    v_owner_id := coalesce(v_org.organization_id, (
      select o.organization_id from public.stripe_owners o where o.stripe_id = p_session_id
    ), (
      select o.id from public.organizations o
      where o.id = private.uuid_or_null(v_session.metadata ->> 'organization_id')
    ));
    select p.id, p.credit_value, p.validity_months, p.price_cents, p.currency
    into v_package_id, v_credits, v_validity, v_amount, v_currency
    from public.org_credit_packages p
    where p.id = coalesce(v_org.package_id, private.uuid_or_null(v_session.metadata ->> 'package_id'));
  elsif v_user.id is not null or v_session.metadata ?| array['package_id', 'credit_value'] then
    v_owner_type := 'user';
    v_owner_id := coalesce(
      v_user.user_id,
      (select o.user_id from public.stripe_owners o where o.stripe_id = p_session_id),
      (
        select p.id from public.profiles p
        where p.id = private.uuid_or_null(v_session.metadata ->> 'user_id')
      )
    );
    select p.id, p.credit_value, p.validity_months, p.price_cents, p.currency
    into v_package_id, v_credits, v_validity, v_amount, v_currency
    from public.credit_topup_packages p
    where p.id = coalesce(v_user.package_id, private.uuid_or_null(v_session.metadata ->> 'package_id'));
  else
    return 'not_ours';
  end if;
  if v_owner_id is null then
    return case v_owner_type when 'org' then 'unknown_organization' else 'unknown_user' end;
  end if;

  v_package_credits := nullif(v_credits, 0);
  v_credits := coalesce(
    v_user.credits_purchased, v_org.credits_purchased,
    private.positive_or_null(v_session.metadata ->> 'credit_value'), v_package_credits
  );
  v_amount := coalesce(v_user.amount_cents, v_org.amount_cents, v_session.amount_total, v_amount, 0);
  v_currency := lower(coalesce(v_session.currency, v_currency, 'eur'));
  v_expires_at := coalesce(
    v_user.expires_at, v_org.expires_at, private.time_or_null(v_session.metadata ->> 'expires_at'),
    v_session.created_at + make_interval(months => coalesce(v_validity, 24))
  );
  if v_credits is null or v_credits not between 1 and 100000000 then -- the most that a grant takes
    return 'unknown_package';
  end if;
  v_was_completed := coalesce(v_user.status = 'completed', v_org.status = 'completed', false);
  if not v_was_completed and v_user.id is null and v_org.id is null
    and not private.is_borne_out(v_owner_type, v_credits, v_session.amount_total, v_package_credits)
  then
    return 'unknown_package';
  elsif not v_was_completed and coalesce(v_session.amount_total, v_amount) <= 0 then
    return 'unknown_amount'; -- a coupon of 100 %: a person decides whether it was meant
  end if;

  -- The row
  v_purchase_id := private.write_purchase(
    v_session, v_owner_type, v_owner_id, v_package_id, v_credits, v_amount, v_currency, v_expires_at
  );

  -- The credits: the browser may have come back first
  select b.id into v_batch_id from public.credit_batches b
  where b.idempotency_key = 'purchase:' || p_session_id;
  v_batch_id := coalesce(
    v_batch_id, private.purchase_batch(v_owner_type, v_owner_id, v_purchase_id, p_session_id)
  );
  if v_batch_id is null then
    if v_was_completed then
      return 'granted_before';
    elsif v_expires_at <= p_now then
      return 'credits_lapsed';
    end if;
    v_batch_id := private.grant_credit_batch(
      v_owner_type, v_owner_id, v_credits, v_expires_at, 'purchase',
      p_source_reference_id => v_purchase_id::text, p_description => 'Credit purchase',
      p_idempotency_key => 'purchase:' || p_session_id, p_now => p_now
    );
  end if;
  perform private.settle_purchase_reversals(
    v_batch_id, v_session.payment_intent_id, coalesce(v_session.amount_total, v_amount), p_now
  );
  return 'purchase_completed';
end
$$;
comment on function private.settle_purchase(text, timestamptz) is
  'Brings a purchase of credits up to date with its checkout session: the row, and the credits, once, '
  'whoever came first.';
revoke execute on function private.settle_purchase(text, timestamptz) from public;
