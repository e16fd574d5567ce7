create table public.content_completions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  content_package_id uuid not null references public.content_packages (id) on delete cascade,
  completed_at timestamptz not null default now(),
  source_module_id uuid references public.program_modules (id) on delete set null,
  source_enrollment_id uuid references public.client_enrollments (id) on delete set null,
  result_score_scaled numeric,
  created_at timestamptz not null default now(),
  constraint content_completions_user_id_content_package_id_key unique (user_id, content_package_id)
);

comment on table public.content_completions is
  'Who has finished which content package. Written by the service role.';

create index content_completions_content_package_id_idx
  on public.content_completions (content_package_id);
create index content_completions_source_enrollment_id_idx
  on public.content_completions (source_enrollment_id)
  where source_enrollment_id is not null;

alter table public.content_completions enable row level security;
revoke all on table public.content_completions from public, anon, authenticated, service_role;
grant select on table public.content_completions to authenticated;
grant all on table public.content_completions to service_role;

create policy "select" on public.content_completions for select to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or user_id in (select private.caller_clients())
  );
