create table public.discount_code_uses (
  id uuid primary key default gen_random_uuid(),
  discount_code_id uuid not null references public.discount_codes (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  enrollment_id uuid references public.client_enrollments (id) on delete set null,
  program_id uuid references public.programs (id) on delete set null,
  tier_name text,
  original_price_credits integer,
  discount_amount_credits integer,
  final_price_credits integer,
  stripe_payment_intent_id text,
  created_at timestamptz default now(),
  constraint discount_code_uses_discount_code_id_user_id_enrollment_id_key
    unique (discount_code_id, user_id, enrollment_id)
);

comment on table public.discount_code_uses is 'One row for each use of a discount code.';

create index discount_code_uses_enrollment_id_idx on public.discount_code_uses (enrollment_id)
  where enrollment_id is not null;
create index discount_code_uses_user_id_idx on public.discount_code_uses (user_id);

alter table public.discount_code_uses enable row level security;
revoke all on table public.discount_code_uses from public, anon, authenticated, service_role;
grant select on table public.discount_code_uses to authenticated;
grant all on table public.discount_code_uses to service_role;

create policy "select" on public.discount_code_uses for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
