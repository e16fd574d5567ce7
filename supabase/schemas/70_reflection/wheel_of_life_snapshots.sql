create table public.wheel_of_life_snapshots (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  snapshot_date date not null default current_date,
  notes text,
  health_fitness integer check (health_fitness between 1 and 10),
  career_business integer check (career_business between 1 and 10),
  finances integer check (finances between 1 and 10),
  relationships integer check (relationships between 1 and 10),
  personal_growth integer check (personal_growth between 1 and 10),
  fun_recreation integer check (fun_recreation between 1 and 10),
  physical_environment integer check (physical_environment between 1 and 10),
  family_friends integer check (family_friends between 1 and 10),
  romance integer check (romance between 1 and 10),
  contribution integer check (contribution between 1 and 10),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  shared_with_coach boolean not null default false,
  constraint wheel_of_life_snapshots_texts_check check (char_length(notes) <= 5000),
  constraint wheel_of_life_snapshots_times_check check (snapshot_date between '2000-01-01' and '2100-01-01')
);

comment on table public.wheel_of_life_snapshots is
  'A user''s scores on a day, one column a domain, 1 to 10. There is no wheel_of_life_scores.';

create index wheel_of_life_snapshots_user_id_date_idx
  on public.wheel_of_life_snapshots (user_id, snapshot_date desc);

alter table public.wheel_of_life_snapshots enable row level security;
revoke all on table public.wheel_of_life_snapshots from public, anon, authenticated, service_role;
grant select, update (shared_with_coach) on table public.wheel_of_life_snapshots to authenticated;
grant insert (
  user_id, snapshot_date, notes, health_fitness, career_business, finances, relationships, personal_growth,
  fun_recreation, physical_environment, family_friends, romance, contribution
) on table public.wheel_of_life_snapshots to authenticated;
grant all on table public.wheel_of_life_snapshots to service_role;

create policy "select" on public.wheel_of_life_snapshots for select to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or (shared_with_coach and private.is_assigned_coach(wheel_of_life_snapshots.user_id))
  );
create policy "insert" on public.wheel_of_life_snapshots for insert to authenticated
  with check (user_id = (select auth.uid()));
create policy "update" on public.wheel_of_life_snapshots for update to authenticated
  using (user_id = (select auth.uid()));

create or replace trigger update_wheel_of_life_snapshots_updated_at
  before update on public.wheel_of_life_snapshots
  for each row execute function public.update_updated_at_column();
