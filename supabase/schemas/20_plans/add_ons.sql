create table public.add_ons (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  price_cents integer,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  is_consumable boolean not null default false,
  initial_quantity integer,
  key text not null,
  display_name text default 'add-on',
  constraint add_ons_texts_check check (
    char_length(name) <= 200
    and char_length(display_name) <= 200
  )
);

comment on table public.add_ons is 'Extras sold or granted one by one; consumable ones come with a quantity.';

create unique index idx_add_ons_key
  on public.add_ons (key);

alter table public.add_ons enable row level security;
revoke all on table public.add_ons from public, anon, authenticated, service_role;
grant select, delete on table public.add_ons to authenticated;
grant insert (
  name, description, price_cents, is_active, is_consumable, initial_quantity, key, display_name
) on table public.add_ons to authenticated;
grant update (
  name, description, price_cents, is_active, is_consumable, initial_quantity, key, display_name
) on table public.add_ons to authenticated;
grant all on table public.add_ons to service_role;

create policy "select" on public.add_ons for select to authenticated using ((select private.is_admin()) or is_active);
create policy "insert" on public.add_ons for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.add_ons for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.add_ons for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.add_ons
  for each row execute function private.audit_writes();
create or replace trigger update_add_ons_updated_at
  before update on public.add_ons
  for each row execute function public.update_updated_at_column();
