create or replace function private.is_unmatched(p_outcome text)
returns boolean
language sql
immutable
set search_path = ''
begin atomic
  select p_outcome like 'unknown\_%' or p_outcome = 'credits_lapsed';
end;
comment on function private.is_unmatched(text) is
  'Whether an outcome needs a person, or an event that is still to come.';
revoke execute on function private.is_unmatched(text) from public;

create or replace function private.take_stripe_event(p_event jsonb, p_fetched jsonb, p_now timestamptz)
returns public.stripe_event_result
language plpgsql
set search_path = ''
as $$
declare
  v_result public.stripe_event_result;
  v_object constant jsonb := p_event #> '{data,object}';
  v_type constant text := p_event ->> 'type';
  v_subject constant text := private.stripe_subject(p_event);
  v_customer_id constant text := private.stripe_id(v_object -> 'customer');
  v_change text;
  v_settled text[];
begin
  if p_event ->> 'account' is not null then
    return row('ignored', 'other_account', null, null)::public.stripe_event_result;
  elsif private.has_absurd_amount(v_object) then
    return row('unmatched', 'unknown_amount', null, null)::public.stripe_event_result;
  end if;

  if v_type like 'customer.subscription.%' then
    v_change := private.record_stripe_subscription(p_event, p_fetched);
    if v_change = 'needs_fetch' then
      return row('needs_fetch', 'undecided_order', 'subscription', v_subject)::public.stripe_event_result;
    end if;
    v_result.outcome := private.settle_stripe_subscription(v_subject, p_now);

  elsif v_type like 'invoice.%' then
    if v_subject is null then
      return row('ignored', 'no_subscription', null, null)::public.stripe_event_result;
    end if;
    v_change := private.record_stripe_invoice(p_event);
    v_result.outcome := private.settle_stripe_subscription(v_subject, p_now);

  elsif v_type like 'checkout.session.%' then
    -- The numbers of an instalment plan are in the metadata of its subscription, not of its checkout.
    if v_object #>> '{metadata,type}' = 'credit_installment' and v_object ->> 'payment_status' <> 'unpaid'
      and not exists (select from private.stripe_metadata(v_subject, 'total_amount_cents'))
      and not v_object -> 'metadata' ? 'total_amount_cents'
      and not exists (select from public.stripe_subscriptions s where s.id = v_subject and s.as_of is not null)
    then
      if p_fetched is null then
        return row('needs_fetch', 'unknown_numbers', 'subscription', v_subject)::public.stripe_event_result;
      end if;
      -- It may be newer than the event, so any event of this second and of later ones has the last word. Of its end
      -- an event of its own tells.
      perform private.write_stripe_subscription(
        case
          when p_fetched ->> 'status' in ('active', 'trialing') then p_fetched
          else p_fetched - array['status', 'canceled_at', 'ended_at']
        end,
        private.stripe_time(p_event -> 'created'), -1, p_event ->> 'id'
      );
    end if;
    v_change := private.record_stripe_checkout(p_event);
    v_result.outcome := case
      when private.stripe_id(v_object -> 'subscription') is not null
      then private.settle_stripe_subscription(v_subject, p_now)
      else private.settle_purchase(v_object ->> 'id', p_now)
    end;

  elsif v_type like any (array['charge.%', 'refund.%']) then
    v_result := private.take_stripe_payment(p_event, p_fetched, p_now);
    if v_result.status in ('needs_fetch', 'ignored') then
      return v_result;
    end if;
    v_change := v_result.status;

  else -- customer.deleted
    insert into public.stripe_deleted_customers (id, deleted_at)
    values (v_object ->> 'id', private.stripe_time(p_event -> 'created'))
    on conflict (id) do nothing;
    v_change := case when found then 'applied' else 'duplicate' end;
    update public.org_platform_subscriptions set stripe_customer_id = null
    where stripe_customer_id = v_object ->> 'id';
    v_result.outcome := 'customer_forgotten';
  end if;

  v_result.status := case
    when private.is_unmatched(v_result.outcome) then 'unmatched'
    when v_result.outcome in ('not_ours', 'other_product') then 'ignored'
    else v_change
  end;
  if v_result.status in ('applied', 'duplicate', 'stale') then
    perform private.settle_stripe_events(v_subject || array(
      select p.id from public.stripe_payments p where v_type like 'invoice.%' and p.invoice_id = v_object ->> 'id'
    ));
    -- Who this customer is may be known from now on.
    with settled as materialized (
      select s.id, private.settle_stripe_subscription(s.id, p_now) as outcome
      from public.stripe_subscriptions s
      where s.customer_id = v_customer_id and s.id <> v_subject
        and s.user_id is null and s.organization_id is null
    )
    select array_agg(s.id) into v_settled from settled s where not private.is_unmatched(s.outcome);
    perform private.settle_stripe_events(v_settled);
  end if;
  return v_result;
end
$$;
comment on function private.take_stripe_event(jsonb, jsonb, timestamptz) is
  'Writes down what an event says and settles what it touches.';
revoke execute on function private.take_stripe_event(jsonb, jsonb, timestamptz) from public;
