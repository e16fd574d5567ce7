create table public.user_notification_preferences (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  notification_type_id uuid not null references public.notification_types (id) on delete cascade,
  email_enabled boolean default true,
  in_app_enabled boolean default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint user_notification_preferences_user_id_notification_type_id_key
    unique (user_id, notification_type_id)
);

comment on table public.user_notification_preferences is
  'A user''s choice for a kind of notification, by e-mail and in the app.';

alter table public.user_notification_preferences enable row level security;
revoke all on table public.user_notification_preferences from public, anon, authenticated, service_role;
grant select, delete on table public.user_notification_preferences to authenticated;
grant insert (
  user_id, notification_type_id, email_enabled, in_app_enabled
) on table public.user_notification_preferences to authenticated;
grant update (
  user_id, notification_type_id, email_enabled, in_app_enabled
) on table public.user_notification_preferences to authenticated;
grant all on table public.user_notification_preferences to service_role;

create policy "all" on public.user_notification_preferences for all to authenticated
  using (user_id = (select auth.uid()));

create or replace trigger update_user_notification_preferences_updated_at
  before update on public.user_notification_preferences
  for each row execute function public.update_updated_at_column();
