create or replace function private.is_borne_out(
  p_owner_type text, p_credits integer, p_amount bigint, p_package_credits integer
)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select coalesce(p_credits <= p_package_credits, false) or (
    p_amount > 0 and p_amount >= p_credits * coalesce(
      -- the lowest price that a credit has anywhere
      (
        select min(p.price_cents::numeric / p.credit_value)
        from (
          select t.price_cents, t.credit_value from public.credit_topup_packages t where p_owner_type = 'user'
          union all
          select o.price_cents, o.credit_value from public.org_credit_packages o where p_owner_type = 'org'
        ) p
        where p.credit_value > 0 and p.price_cents > 0
      ),
      1
    )
  );
end;
comment on function private.is_borne_out(text, integer, bigint, integer) is
  'Whether so many credits are what was bought: those of the package, or no more than the amount buys at the lowest '
  'price of any. What metadata say beyond that waits for a person.';
revoke execute on function private.is_borne_out(text, integer, bigint, integer) from public;
