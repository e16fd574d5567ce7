create table public.user_add_ons (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  add_on_id uuid not null references public.add_ons (id) on delete cascade,
  granted_at timestamptz not null default now(),
  expires_at timestamptz,
  granted_by uuid,
  notes text,
  created_at timestamptz not null default now(),
  quantity_granted integer,
  quantity_remaining integer,
  quantity_used integer not null default 0,
  constraint user_add_ons_user_id_add_on_id_key unique (user_id, add_on_id)
);

comment on table public.user_add_ons is
  'The add-ons a user holds and what is left of consumable ones. user_id has no foreign key.';

create index user_add_ons_granted_by_idx on public.user_add_ons (granted_by)
  where granted_by is not null;

alter table public.user_add_ons enable row level security;
revoke all on table public.user_add_ons from public, anon, authenticated, service_role;
grant select, delete on table public.user_add_ons to authenticated;
grant insert (
  user_id, add_on_id, expires_at, granted_by, notes, quantity_granted, quantity_remaining
) on table public.user_add_ons to authenticated;
grant update (quantity_granted, quantity_remaining) on table public.user_add_ons to authenticated;
grant all on table public.user_add_ons to service_role;

create policy "select" on public.user_add_ons for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
create policy "insert" on public.user_add_ons for insert to authenticated
  with check ((select private.is_admin()) and (granted_by is null or granted_by = (select auth.uid())));
create policy "update" on public.user_add_ons for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.user_add_ons for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.user_add_ons
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
