create table public.partner_referrals (
  id uuid primary key default gen_random_uuid(),
  partner_code_id uuid not null references public.partner_codes (id) on delete cascade,
  partner_id uuid not null references auth.users (id),
  referred_user_id uuid references auth.users (id),
  enrollment_id uuid references public.client_enrollments (id),
  referral_type text not null default 'enrollment' check (referral_type in ('enrollment', 'signup')),
  status text not null default 'attributed' check (status in ('attributed', 'paid', 'void')),
  created_at timestamptz default now()
);

comment on table public.partner_referrals is 'Enrolments and signups that came by a partner code.';
comment on column public.partner_referrals.referred_user_id is 'Null: deleted meanwhile.';

create index partner_referrals_enrollment_id_idx on public.partner_referrals (enrollment_id)
  where enrollment_id is not null;
create index partner_referrals_partner_code_id_idx
  on public.partner_referrals (partner_code_id);
create index partner_referrals_partner_id_idx on public.partner_referrals (partner_id);
create index partner_referrals_referred_user_id_idx
  on public.partner_referrals (referred_user_id)
  where referred_user_id is not null;

alter table public.partner_referrals enable row level security;
revoke all on table public.partner_referrals from public, anon, authenticated, service_role;
grant select on table public.partner_referrals to authenticated;
grant all on table public.partner_referrals to service_role;

create policy "select" on public.partner_referrals for select to authenticated
  using ((select private.is_admin()) or partner_id = (select auth.uid()));
