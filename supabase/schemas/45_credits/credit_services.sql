create table public.credit_services (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  credit_cost integer not null default 0,
  category text not null default 'general',
  feature_id uuid references public.features (id) on delete set null,
  track_id uuid references public.tracks (id) on delete set null,
  linked_entity_type text,
  linked_entity_id uuid,
  track_discounted_cost integer,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on table public.credit_services is 'What credits buy, and for how many.';

alter table public.credit_services enable row level security;
revoke all on table public.credit_services from public, anon, authenticated, service_role;
grant select, delete on table public.credit_services to authenticated;
grant insert (
  name, description, credit_cost, category, feature_id, track_id, linked_entity_type, linked_entity_id,
  track_discounted_cost, is_active
) on table public.credit_services to authenticated;
grant update (
  name, description, credit_cost, category, feature_id, track_id, linked_entity_type, linked_entity_id,
  track_discounted_cost, is_active
) on table public.credit_services to authenticated;
grant all on table public.credit_services to service_role;

create policy "select" on public.credit_services for select to authenticated
  using ((select private.is_admin()) or is_active);
create policy "insert" on public.credit_services for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.credit_services for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.credit_services for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.credit_services
  for each row execute function private.audit_writes();
create or replace trigger update_credit_services_updated_at
  before update on public.credit_services
  for each row execute function public.update_updated_at_column();
