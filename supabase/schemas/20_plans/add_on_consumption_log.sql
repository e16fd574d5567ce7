create table public.add_on_consumption_log (
  id uuid primary key default gen_random_uuid(),
  user_add_on_id uuid not null references public.user_add_ons (id) on delete cascade,
  user_id uuid not null,
  quantity_consumed integer not null default 1,
  action_type text not null,
  action_reference_id uuid,
  notes text,
  created_at timestamptz not null default now()
);

comment on table public.add_on_consumption_log is 'One row for each use of a consumable add-on.';

-- The deletion of a user, who is named in all of these, and what follows in their rows.
create index add_on_consumption_log_user_add_on_id_idx
  on public.add_on_consumption_log (user_add_on_id);
create index add_on_consumption_log_user_id_idx on public.add_on_consumption_log (user_id);

alter table public.add_on_consumption_log enable row level security;
revoke all on table public.add_on_consumption_log from public, anon, authenticated, service_role;
grant select on table public.add_on_consumption_log to authenticated;
grant all on table public.add_on_consumption_log to service_role;

create policy "select" on public.add_on_consumption_log for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
