create table public.notification_preferences (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  profile_updates boolean default true,
  password_changes boolean default true,
  email_changes boolean default true,
  program_assignments boolean default true,
  program_completions boolean default true,
  module_completions boolean default false,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  instructor_program_assignments boolean default true,
  instructor_module_assignments boolean default true,
  coach_program_assignments boolean default true,
  coach_module_assignments boolean default true,
  session_requests boolean not null default true,
  session_scheduled boolean not null default true,
  assignment_graded boolean default true,
  assignment_submitted boolean default true,
  constraint notification_preferences_user_id_key unique (user_id)
);

comment on table public.notification_preferences is 'Switches of the older mails, one column each.';

alter table public.notification_preferences enable row level security;
revoke all on table public.notification_preferences from public, anon, authenticated, service_role;
grant select on table public.notification_preferences to authenticated;
grant insert (
  user_id, profile_updates, password_changes, email_changes, program_assignments, program_completions,
  module_completions, instructor_program_assignments, instructor_module_assignments, coach_program_assignments,
  coach_module_assignments, session_requests, session_scheduled
) on table public.notification_preferences to authenticated;
grant update (
  user_id, profile_updates, password_changes, email_changes, program_assignments, program_completions,
  module_completions, instructor_program_assignments, instructor_module_assignments, coach_program_assignments,
  coach_module_assignments, session_requests, session_scheduled
) on table public.notification_preferences to authenticated;
grant all on table public.notification_preferences to service_role;

create policy "select" on public.notification_preferences for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
create policy "insert" on public.notification_preferences for insert to authenticated
  with check (user_id = (select auth.uid()));
create policy "update" on public.notification_preferences for update to authenticated
  using (user_id = (select auth.uid()));

create or replace trigger update_notification_preferences_updated_at
  before update on public.notification_preferences
  for each row execute function public.update_updated_at_column();
