create table public.plans (
  id uuid primary key default gen_random_uuid(),
  key text not null,
  name text not null,
  description text,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  stripe_product_id text,
  is_free boolean not null default false,
  tier_level integer not null default 1,
  fallback_plan_id uuid references public.plans (id),
  is_purchasable boolean not null default true,
  credit_allowance integer,
  credit_validity_months integer default 24,
  display_name text default 'plan',
  constraint plans_key_key unique (key),
  constraint plans_texts_check check (
    char_length(name) <= 200
    and char_length(display_name) <= 200
  )
);

comment on table public.plans is
  'What a user can subscribe to; profiles.plan_id holds the user''s plan. Key free has is_free = false.';

alter table public.plans enable row level security;
revoke all on table public.plans from public, anon, authenticated, service_role;
grant select, delete on table public.plans to authenticated;
grant insert (
  key, name, description, is_active, stripe_product_id, is_free, tier_level, fallback_plan_id, is_purchasable,
  credit_allowance, display_name
) on table public.plans to authenticated;
grant update (
  key, name, description, is_active, stripe_product_id, is_free, tier_level, fallback_plan_id, is_purchasable,
  credit_allowance, display_name
) on table public.plans to authenticated;
grant all on table public.plans to service_role;

create policy "select" on public.plans for select to authenticated using ((select private.is_admin()) or is_active);
create policy "insert" on public.plans for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.plans for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.plans for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.plans
  for each row execute function private.audit_writes();
create or replace trigger update_plans_updated_at
  before update on public.plans
  for each row execute function public.update_updated_at_column();
