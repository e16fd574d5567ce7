create table public.development_items (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  item_type text not null check (item_type in ('reflection', 'resource', 'action_item', 'note')),
  title text,
  content text,
  resource_type text check (resource_type in ('link', 'file', 'image', 'library') or resource_type is null),
  resource_url text,
  file_path text,
  file_size integer,
  mime_type text,
  status text check (status in ('pending', 'in_progress', 'completed', 'cancelled') or status is null),
  due_date date,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  prompt_id uuid references public.generated_prompts (id) on delete set null,
  author_id uuid references auth.users (id) on delete set null,
  is_private boolean not null default false,
  library_resource_id uuid references public.resource_library (id) on delete set null,
  cohort_session_id uuid references public.cohort_sessions (id) on delete set null,
  constraint development_items_texts_check check (
    char_length(title) <= 300
    and char_length(content) <= 5000
    and char_length(resource_url) <= 2000
    and char_length(file_path) <= 2000
    and char_length(mime_type) <= 200
  ),
  constraint development_items_times_check check (
    due_date between '2000-01-01' and '2100-01-01'
    and completed_at between '2000-01-01+00' and '2100-01-01+00'
  ),
  constraint development_items_links_check check (private.are_web_links(resource_url))
);

comment on table public.development_items is 'Reflections, notes, resources and action items of a user.';

create index development_items_author_id_idx on public.development_items (author_id)
  where author_id is not null;
create index development_items_prompt_id_idx on public.development_items (prompt_id)
  where prompt_id is not null;
create index development_items_user_id_idx on public.development_items (user_id);

-- The other way round: a prompt is answered by one of these.
alter table public.generated_prompts add constraint generated_prompts_response_item_id_fkey
  foreign key (response_item_id) references public.development_items (id) on delete set null;

alter table public.development_items enable row level security;
revoke all on table public.development_items from public, anon, authenticated, service_role;
grant select, delete on table public.development_items to authenticated;
grant insert (
  user_id, author_id, item_type, title, content, resource_type, resource_url, file_path, file_size,
  mime_type, status, due_date, prompt_id, library_resource_id, cohort_session_id
) on table public.development_items to authenticated;
grant update (title, content, resource_url, due_date, status, completed_at, updated_at)
  on table public.development_items to authenticated;
grant all on table public.development_items to service_role;

create policy "select" on public.development_items for select to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or author_id = (select auth.uid())
    or (not is_private and private.is_assigned_staff(user_id))
  );
create policy "insert" on public.development_items for insert to authenticated
  with check (
    (
      (user_id = (select auth.uid()) and (author_id is null or author_id = (select auth.uid())))
      or (author_id = (select auth.uid()) and private.is_staff_of(user_id))
    )
    and (
      prompt_id is null
      or (
        user_id = (select auth.uid())
        and exists (
          select from public.generated_prompts p
          where p.id = development_items.prompt_id and p.user_id = (select auth.uid())
        )
      )
    )
    and (
      library_resource_id is null
      or exists (select from public.resource_library r where r.id = development_items.library_resource_id)
    )
    and (cohort_session_id is null or private.runs_cohort_session(cohort_session_id))
  );
create policy "update" on public.development_items for update to authenticated
  using (
    user_id = (select auth.uid())
    or (author_id = (select auth.uid()) and private.is_staff_of(user_id))
  );
-- What somebody else wrote is not to be got rid of; it can be set to completed or cancelled.
create policy "delete" on public.development_items for delete to authenticated
  using (
    author_id = (select auth.uid()) or (user_id = (select auth.uid()) and author_id is null)
  );

create or replace trigger guard_author_columns
  before update on public.development_items
  for each row when (old.author_id is not null and old.author_id <> old.user_id)
  execute function private.guard_author_columns(
    'author_id', 'title', 'content', 'resource_url', 'due_date'
  );
create or replace trigger guard_subject_columns
  before update on public.development_items
  for each row when (old.author_id is not null and old.author_id <> old.user_id)
  execute function private.guard_author_columns('user_id', 'status', 'completed_at');
create or replace trigger update_development_items_updated_at
  before update on public.development_items
  for each row execute function public.update_updated_at_column();
