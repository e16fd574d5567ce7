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
  author_id uuid references auth.users (id),
  is_private boolean not null default false,
  library_resource_id uuid references public.resource_library (id) on delete set null,
  cohort_session_id uuid references public.cohort_sessions (id) on delete set null
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
grant select, insert, update, delete on table public.development_items to authenticated;
grant all on table public.development_items to service_role;

create policy "select" on public.development_items for select to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or private.is_assigned_coach(development_items.user_id)
    or (
      not is_private
      and exists (
        select from public.client_instructors i
        where i.client_id = development_items.user_id
          and i.instructor_id = (select auth.uid())
      )
    )
  );
create policy "insert" on public.development_items for insert to authenticated
  with check (
    user_id = (select auth.uid())
    or (author_id = (select auth.uid()) and private.is_assigned_staff(development_items.user_id))
  );
create policy "update" on public.development_items for update to authenticated
  using (user_id = (select auth.uid()) or author_id = (select auth.uid()))
  with check (
    user_id = (select auth.uid())
    or (author_id = (select auth.uid()) and private.is_assigned_staff(development_items.user_id))
  );
create policy "delete" on public.development_items for delete to authenticated
  using (user_id = (select auth.uid()) or author_id = (select auth.uid()));

create or replace trigger guard_owner_columns
  before update on public.development_items
  for each row execute function private.guard_owner_columns('user_id', 'author_id');
create or replace trigger update_development_items_updated_at
  before update on public.development_items
  for each row execute function public.update_updated_at_column();
