create table public.talentlms_progress (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  talentlms_course_id text not null,
  course_name text,
  completion_status text not null check (completion_status in ('not_started', 'in_progress', 'completed')),
  progress_percentage integer default 0 check (progress_percentage between 0 and 100),
  time_spent_minutes integer default 0,
  test_score numeric(5,2),
  completed_at timestamptz,
  last_synced_at timestamptz default now(),
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint talentlms_progress_user_id_talentlms_course_id_key unique (user_id, talentlms_course_id)
);

comment on table public.talentlms_progress is 'Progress in TalentLMS courses as last synchronised.';

alter table public.talentlms_progress enable row level security;
revoke all on table public.talentlms_progress from public, anon, authenticated, service_role;
-- Written by the synchronization, with the secret key.
grant select on table public.talentlms_progress to authenticated;
grant all on table public.talentlms_progress to service_role;

create policy "select" on public.talentlms_progress for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));

create or replace trigger update_talentlms_progress_updated_at
  before update on public.talentlms_progress
  for each row execute function public.update_updated_at_column();
