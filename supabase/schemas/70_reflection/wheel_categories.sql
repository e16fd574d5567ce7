create table public.wheel_categories (
  id uuid primary key default gen_random_uuid(),
  key text not null,
  name text not null,
  description text,
  color text,
  icon text,
  order_index integer not null default 0,
  is_active boolean not null default true,
  is_legacy boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint wheel_categories_key_key unique (key),
  constraint wheel_categories_texts_check check (char_length(name) <= 200 and char_length(color) <= 200)
);

comment on table public.wheel_categories is 'The life domains of the wheel, with label and colour.';

alter table public.wheel_categories enable row level security;
revoke all on table public.wheel_categories from public, anon, authenticated, service_role;
grant select, update (name, color) on table public.wheel_categories to authenticated;
grant all on table public.wheel_categories to service_role;

create policy "select" on public.wheel_categories for select to authenticated using (true);
create policy "update" on public.wheel_categories for update to authenticated using ((select private.is_admin()));

create or replace trigger update_wheel_categories_updated_at
  before update on public.wheel_categories
  for each row execute function public.update_updated_at_column();
