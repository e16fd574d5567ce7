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

create or replace function private.stripe_invoice_metadata(p_invoice jsonb)
returns jsonb
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    nullif(p_invoice #> '{parent,subscription_details,metadata}', 'null'), -- basil and later
    nullif(p_invoice #> '{subscription_details,metadata}', 'null'), -- 2022-11-15 to basil
    nullif(p_invoice #> '{lines,data,0,metadata}', 'null'), -- before that, on the line
    '{}'
  );
end;
comment on function private.stripe_invoice_metadata(jsonb) is
  'The metadata of the subscription that an invoice bills, as the invoice carries it.';
revoke execute on function private.stripe_invoice_metadata(jsonb) from public;

create or replace function private.stripe_invoice_payments(p_invoice jsonb)
returns setof text
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    private.stripe_id(p.value #> '{payment,payment_intent}'), private.stripe_id(p.value #> '{payment,charge}')
  )
  from jsonb_array_elements( -- basil and later, where the list was asked for
    case jsonb_typeof(p_invoice #> '{payments,data}') when 'array' then p_invoice #> '{payments,data}' else '[]' end
  ) p
  union
  select coalesce(private.stripe_id(p_invoice -> 'payment_intent'), private.stripe_id(p_invoice -> 'charge')); -- before basil
end;
comment on function private.stripe_invoice_payments(jsonb) is
  'The payments (payment intents, else charges) of an invoice, as far as it names them; may hold a null.';
revoke execute on function private.stripe_invoice_payments(jsonb) from public;

-- Events come in the version of the endpoint, kept ones too: basil is 2025-03-31.
create or replace function private.stripe_invoice_subscription(p_invoice jsonb)
returns text
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    private.stripe_id(p_invoice #> '{parent,subscription_details,subscription}'), -- basil and later
    private.stripe_id(p_invoice -> 'subscription') -- before basil
  );
end;
comment on function private.stripe_invoice_subscription(jsonb) is
  'The subscription that an invoice bills; null for a manual one.';
revoke execute on function private.stripe_invoice_subscription(jsonb) from public;

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
  select case jsonb_typeof(p_seconds) when 'number' then to_timestamp((p_seconds #>> '{}')::double precision) end;
end;
comment on function private.stripe_time(jsonb) is
  'A time of Stripe''s, in whole seconds since 1970; null stays null.';
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
