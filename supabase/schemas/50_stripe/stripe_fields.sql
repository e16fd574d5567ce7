create or replace function private.stripe_id(p_reference jsonb)
returns text
language sql
immutable
set search_path = ''
begin atomic
  select case jsonb_typeof(p_reference)
    when 'string' then nullif(p_reference #>> '{}', '')
    when 'object' then p_reference ->> 'id'
  end;
end;
comment on function private.stripe_id(jsonb) is
  'The id behind a reference, which may be expanded to the object.';
revoke execute on function private.stripe_id(jsonb) from public;

create or replace function private.stripe_amount(p_amount jsonb)
returns bigint
language sql
immutable
set search_path = ''
begin atomic
  select case
    when jsonb_typeof(p_amount) = 'number' and (p_amount #>> '{}') ~ '^-?[0-9]{1,10}$'
      and (p_amount #>> '{}')::bigint between -2147483647 and 2147483647
    then (p_amount #>> '{}')::bigint
  end;
end;
comment on function private.stripe_amount(jsonb) is
  'An amount in the currency''s smallest unit; null where it is no whole number, or more than a purchase holds.';
revoke execute on function private.stripe_amount(jsonb) from public;

create or replace function private.has_absurd_amount(p_object jsonb)
returns boolean
language sql
immutable
set search_path = ''
begin atomic
  select exists (
    select from unnest(array[
      'amount', 'amount_paid', 'amount_refunded', 'amount_subtotal', 'amount_total', 'subtotal', 'total'
    ]) as name
    where coalesce(p_object -> name, 'null') <> 'null'
      -- a credit note makes the total of an invoice negative, and nothing else
      and coalesce(private.stripe_amount(p_object -> name) < 0 and name not in ('subtotal', 'total'), true)
  )
  or coalesce(private.stripe_amount(p_object -> 'amount_refunded') > private.stripe_amount(p_object -> 'amount'), false);
end;
comment on function private.has_absurd_amount(jsonb) is
  'Whether an object of Stripe''s names an amount that nobody can have paid: such an event waits for a person.';
revoke execute on function private.has_absurd_amount(jsonb) from public;

create or replace function private.stripe_price_ids(p_subscription jsonb)
returns text[]
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    array_agg(coalesce(private.stripe_id(i.value -> 'price'), private.stripe_id(i.value -> 'plan')) order by i.ordinality),
    '{}'
  )
  from jsonb_array_elements(p_subscription #> '{items,data}') with ordinality i;
end;
comment on function private.stripe_price_ids(jsonb) is
  'The prices of a subscription''s items, in their order; before 2020 an item had a plan instead.';
revoke execute on function private.stripe_price_ids(jsonb) from public;

create or replace function private.stripe_time(p_seconds jsonb)
returns timestamptz
language sql
immutable
set search_path = ''
begin atomic
  select case
    when jsonb_typeof(p_seconds) = 'number' and (p_seconds #>> '{}')::numeric between 0 and 253402300799
    then to_timestamp((p_seconds #>> '{}')::double precision)
  end;
end;
comment on function private.stripe_time(jsonb) is
  'A time of Stripe''s, in whole seconds since 1970, before the year 10000; else null.';
revoke execute on function private.stripe_time(jsonb) from public;

create or replace function private.stripe_period_end(p_subscription jsonb)
returns timestamptz
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    (
      select max(private.stripe_time(i.value -> 'current_period_end')) -- basil and later, per item
      from jsonb_array_elements(p_subscription #> '{items,data}') i
    ),
    private.stripe_time(p_subscription -> 'current_period_end') -- before basil
  );
end;
comment on function private.stripe_period_end(jsonb) is
  'When the latest period of a subscription''s items ends.';
revoke execute on function private.stripe_period_end(jsonb) from public;

create or replace function private.stripe_period_start(p_subscription jsonb)
returns timestamptz
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    (
      select max(private.stripe_time(i.value -> 'current_period_start')) -- basil and later, per item
      from jsonb_array_elements(p_subscription #> '{items,data}') i
    ),
    private.stripe_time(p_subscription -> 'current_period_start') -- before basil
  );
end;
comment on function private.stripe_period_start(jsonb) is
  'When the latest period of a subscription''s items began.';
revoke execute on function private.stripe_period_start(jsonb) from public;
