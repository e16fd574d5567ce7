create table public.content_packages (
  id uuid primary key default gen_random_uuid(),
  title text not null,
  description text,
  storage_path text not null,
  package_type text not null default 'web' check (package_type in ('web', 'xapi')),
  file_count integer default 0,
  original_filename text,
  uploaded_by uuid references auth.users (id) on delete set null,
  is_active boolean default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on table public.content_packages is 'Uploaded web and xAPI content a module can show.';

create index content_packages_uploaded_by_idx on public.content_packages (uploaded_by)
  where uploaded_by is not null;

alter table public.content_packages enable row level security;
revoke all on table public.content_packages from public, anon, authenticated, service_role;
grant select on table public.content_packages to authenticated;
grant insert (
  title, storage_path, package_type, file_count, uploaded_by
) on table public.content_packages to authenticated;
grant update (is_active) on table public.content_packages to authenticated;
grant all on table public.content_packages to service_role;

create policy "select" on public.content_packages for select to authenticated
  using (
    (select private.is_admin())
    or (select private.has_role((select auth.uid()), 'client'))
    or (select private.is_staff())
  );
create policy "insert" on public.content_packages for insert to authenticated
  with check ((select private.is_admin()) and (uploaded_by is null or uploaded_by = (select auth.uid())));
create policy "update" on public.content_packages for update to authenticated using ((select private.is_admin()));

create or replace trigger update_content_packages_updated_at
  before update on public.content_packages
  for each row execute function public.update_updated_at_column();
