-- One rule for each kind of code, asked by those who validate one and by the price of an enrollment.

create or replace function private.is_enrollment_code_open(p_code public.enrollment_codes, p_now timestamptz)
returns boolean
language sql
stable
set search_path = ''
as $$
  select coalesce(
    p_code.is_active
    and (p_code.expires_at is null or p_code.expires_at > p_now)
    and p_code.current_uses
      < coalesce(p_code.max_uses, case p_code.code_type when 'single_use' then 1 else 2147483647 end),
    false
  )
$$;
comment on function private.is_enrollment_code_open(public.enrollment_codes, timestamptz) is
  'Whether an enrollment code is active, not expired, and not used up.';
revoke execute on function private.is_enrollment_code_open(public.enrollment_codes, timestamptz) from public;

create or replace function private.is_partner_code_open(p_code public.partner_codes, p_now timestamptz)
returns boolean
language sql
stable
set search_path = ''
as $$
  select coalesce(
    p_code.is_active
    and (p_code.expires_at is null or p_code.expires_at > p_now)
    and (p_code.max_uses is null or p_code.current_uses < p_code.max_uses),
    false
  )
$$;
comment on function private.is_partner_code_open(public.partner_codes, timestamptz) is
  'Whether a partner code is active, not expired, and not used up.';
revoke execute on function private.is_partner_code_open(public.partner_codes, timestamptz) from public;

create or replace function private.is_discount_valid(
  p_discount public.discount_codes, p_client_user_id uuid, p_program_id uuid, p_tier text, p_now timestamptz
)
returns boolean
language sql
stable
set search_path = ''
as $$
  select coalesce(
    p_discount.is_active
    and (p_discount.starts_at is null or p_discount.starts_at <= p_now)
    and (p_discount.expires_at is null or p_discount.expires_at > p_now)
    and (p_discount.max_uses is null or coalesce(p_discount.uses_count, 0) < p_discount.max_uses)
    and (
      coalesce(cardinality(p_discount.valid_for_program_ids), 0) = 0
      or p_program_id = any (p_discount.valid_for_program_ids)
    )
    and (
      coalesce(cardinality(p_discount.valid_for_tier_names), 0) = 0
      or exists (select from unnest(p_discount.valid_for_tier_names) t where lower(t) = lower(p_tier))
    )
    and (p_discount.assigned_user_id is null or p_discount.assigned_user_id = p_client_user_id)
    and (
      p_discount.assigned_user_email is null
      or exists (
        select from public.profiles p
        where p.id = p_client_user_id and lower(p.email) = lower(p_discount.assigned_user_email)
      )
    ),
    false
  )
$$;
comment on function private.is_discount_valid(public.discount_codes, uuid, uuid, text, timestamptz) is
  'Whether a discount code counts for this client, program and tier.';
revoke execute on function private.is_discount_valid(public.discount_codes, uuid, uuid, text, timestamptz)
  from public;
