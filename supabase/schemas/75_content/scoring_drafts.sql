create table public.scoring_drafts (
  assignment_id uuid primary key references public.module_assignments (id) on delete cascade,
  author_id uuid references auth.users (id) on delete cascade,
  instructor_notes text not null,
  updated_at timestamptz not null default now(),
  constraint scoring_drafts_texts_check check (char_length(instructor_notes) <= 5000)
);

comment on table public.scoring_drafts is
  'What a scorer has noted of an assignment that is not reviewed yet. Written by a trigger on module_assignments.';

create index scoring_drafts_author_id_idx on public.scoring_drafts (author_id);

alter table public.scoring_drafts enable row level security;
revoke all on table public.scoring_drafts from public, anon, authenticated, service_role;
grant select on table public.scoring_drafts to authenticated;
grant all on table public.scoring_drafts to service_role;

create policy "select" on public.scoring_drafts for select to authenticated
  using ((select private.is_admin()) or author_id = (select auth.uid()));
