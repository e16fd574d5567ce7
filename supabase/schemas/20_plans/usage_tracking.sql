create table public.usage_tracking (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  feature_key text not null,
  used_count integer not null default 0,
  period_start timestamptz not null default date_trunc('month', now()),
  period_end timestamptz not null default (date_trunc('month', now()) + interval '1 mon'),
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint usage_tracking_user_id_feature_key_period_start_key
    unique (user_id, feature_key, period_start)
);

comment on table public.usage_tracking is
  'How often a user used a feature in a period. Written by functions alone.';

alter table public.usage_tracking enable row level security;
revoke all on table public.usage_tracking from public, anon, authenticated, service_role;
grant select on table public.usage_tracking to authenticated;
grant all on table public.usage_tracking to service_role;

create policy "select" on public.usage_tracking for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));

create or replace trigger update_usage_tracking_updated_at
  before update on public.usage_tracking
  for each row execute function public.update_updated_at_column();
