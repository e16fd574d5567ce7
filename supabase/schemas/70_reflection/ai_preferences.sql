create table public.ai_preferences (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  ai_insights_enabled boolean not null default false,
  ai_recommendations_enabled boolean not null default false,
  consent_given_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint ai_preferences_user_id_key unique (user_id)
);

comment on table public.ai_preferences is
  'What a user allows the AI features. Both flags are off until consent is given.';

alter table public.ai_preferences enable row level security;
revoke all on table public.ai_preferences from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.ai_preferences to authenticated;
grant all on table public.ai_preferences to service_role;

create policy "select" on public.ai_preferences for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
create policy "insert" on public.ai_preferences for insert to authenticated
  with check ((select private.is_admin()) or user_id = (select auth.uid()));
create policy "update" on public.ai_preferences for update to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
create policy "delete" on public.ai_preferences for delete to authenticated using ((select private.is_admin()));

create or replace trigger update_ai_preferences_updated_at
  before update on public.ai_preferences
  for each row execute function public.update_updated_at_column();
