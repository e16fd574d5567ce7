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

create or replace function private.stripe_invoice_regular(p_invoice jsonb)
returns bigint
language sql
immutable
set search_path = ''
begin atomic
  select case
    when jsonb_typeof(p_invoice #> '{lines,data}') = 'array' and p_invoice #> '{lines,data}' <> '[]'
      and coalesce(p_invoice #>> '{lines,has_more}', 'false') <> 'true'
    then (
      select coalesce(sum(private.stripe_amount(l.value -> 'amount')), 0)
      from jsonb_array_elements(p_invoice #> '{lines,data}') l
      where coalesce(
        l.value #>> '{parent,subscription_item_details,proration}', -- basil and later
        l.value #>> '{parent,invoice_item_details,proration}',
        l.value ->> 'proration', -- before basil
        'false'
      ) <> 'true'
    )
  end::bigint;
end;
comment on function private.stripe_invoice_regular(jsonb) is
  'What of an invoice is no proration, before discounts and tax; null where not all lines are known.';
revoke execute on function private.stripe_invoice_regular(jsonb) from public;

create or replace function private.stripe_invoice_tax(p_invoice jsonb)
returns bigint
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(sum(private.stripe_amount(t.value -> 'amount')), 0)::bigint
  from jsonb_array_elements(
    case
      when jsonb_typeof(p_invoice -> 'total_taxes') = 'array' then p_invoice -> 'total_taxes' -- basil and later
      when jsonb_typeof(p_invoice -> 'total_tax_amounts') = 'array' then p_invoice -> 'total_tax_amounts'
      else '[]'
    end
  ) t
  where t.value ->> 'tax_behavior' = 'exclusive' or t.value ->> 'inclusive' = 'false';
end;
comment on function private.stripe_invoice_tax(jsonb) is 'The tax that an invoice adds to its prices.';
revoke execute on function private.stripe_invoice_tax(jsonb) from public;
