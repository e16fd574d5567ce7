create or replace function private.write_purchase(
  p_session public.stripe_checkouts, p_owner_type text, p_owner_id uuid, p_package_id uuid, p_credits integer,
  p_amount integer, p_currency text, p_expires_at timestamptz
)
returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_purchase_id uuid;
begin
  if p_owner_type = 'user' then
    insert into public.user_credit_purchases as p (
      user_id, package_id, credits_purchased, amount_cents, currency, stripe_payment_intent_id,
      stripe_checkout_session_id, expires_at, status
    )
    values (
      p_owner_id, p_package_id, p_credits, p_amount, p_currency, p_session.payment_intent_id, p_session.id,
      p_expires_at, 'completed'
    )
    on conflict (stripe_checkout_session_id) do update
    set status = 'completed', expires_at = coalesce(p.expires_at, excluded.expires_at),
      stripe_payment_intent_id = coalesce(p.stripe_payment_intent_id, excluded.stripe_payment_intent_id)
    returning p.id into v_purchase_id;
  else
    insert into public.org_credit_purchases as p (
      organization_id, package_id, credits_purchased, amount_cents, currency, stripe_payment_intent_id,
      stripe_checkout_session_id, expires_at, status, purchased_by
    )
    values (
      p_owner_id, p_package_id, p_credits, p_amount, p_currency, p_session.payment_intent_id, p_session.id,
      p_expires_at, 'completed', (
        select u.id from public.profiles u
        where u.id = private.uuid_or_null(coalesce(
          p_session.metadata ->> 'purchased_by', p_session.metadata ->> 'user_id'
        ))
      )
    )
    on conflict (stripe_checkout_session_id) do update
    set status = 'completed', expires_at = coalesce(p.expires_at, excluded.expires_at),
      stripe_payment_intent_id = coalesce(p.stripe_payment_intent_id, excluded.stripe_payment_intent_id)
    returning p.id into v_purchase_id;
  end if;
  return v_purchase_id;
end
$$;
comment on function private.write_purchase(public.stripe_checkouts, text, uuid, uuid, integer, integer, text, timestamptz)
is 'Makes a purchase''s row, or completes it.';
revoke execute on function private.write_purchase(public.stripe_checkouts, text, uuid, uuid, integer, integer, text, timestamptz)
  from public;
