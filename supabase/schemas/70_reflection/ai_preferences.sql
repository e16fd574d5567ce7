create table public.ai_preferences (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  ai_insights_enabled boolean not null default false,
  ai_recommendations_enabled boolean not null default false,
  consent_given_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint ai_preferences_user_id_key unique (user_id),
  constraint ai_preferences_times_check check (
    consent_given_at between '2000-01-01+00' and '2100-01-01+00'
  )
);

comment on table public.ai_preferences is
  'What a user allows the AI features. Both flags are off until consent is given.';

alter table public.ai_preferences enable row level security;
revoke all on table public.ai_preferences from public, anon, authenticated, service_role;
-- Consent is the person's own to give: admins do not give it for anybody.
grant select, insert (user_id), update (ai_insights_enabled, ai_recommendations_enabled, consent_given_at)
  on table public.ai_preferences to authenticated;
grant all on table public.ai_preferences to service_role;

create policy "select" on public.ai_preferences for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
create policy "insert" on public.ai_preferences for insert to authenticated with check (user_id = (select auth.uid()));
create policy "update" on public.ai_preferences for update to authenticated using (user_id = (select auth.uid()));

create or replace trigger update_ai_preferences_updated_at
  before update on public.ai_preferences
  for each row execute function public.update_updated_at_column();
