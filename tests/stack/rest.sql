-- What rest.test.ts asks the Data API of the stack for.
create table public.things (
  id integer primary key,
  name text not null check (name <> ''),
  secret text default 'hidden',
  price numeric(10, 2) default 10,
  at timestamptz default '2026-11-22 17:05:02.262+00',
  code text unique
);
alter table public.things enable row level security;
create policy all_rows on public.things for all using (true) with check (true);
revoke all on public.things from anon, authenticated; -- what old projects grant by default
grant select (id, name), update (name) on public.things to authenticated;
grant all on public.things to service_role;
insert into public.things (id, name, code) values (1, 'one', 'first');

create table public.ungranted (id integer primary key);
revoke all on public.ungranted from anon, authenticated;
alter table public.ungranted enable row level security;
create policy all_rows on public.ungranted for all using (true);

create function public.fail(p_state text) returns void language plpgsql as $$
begin
  raise exception 'refused' using errcode = p_state, detail = 'a detail', hint = 'a hint';
end
$$;
create function public.whoami() returns jsonb language sql stable as $$
  select jsonb_build_object('role', current_user, 'uid', auth.uid(), 'email', auth.email())
$$;
create function public.slow_role() returns text language plpgsql as $$
begin
  perform pg_sleep(0.02);
  return current_user;
end
$$;
create function public.refuse_mallory() returns trigger language plpgsql as $$
begin
  raise exception 'not you';
end
$$;
create trigger refuse_mallory before insert on auth.users
  for each row when (new.email like 'mallory%') execute function public.refuse_mallory();
create function public.add_table() returns void language plpgsql security definer as $$
begin
  create table public.added (id integer primary key);
  grant select on public.added to anon;
end
$$;
