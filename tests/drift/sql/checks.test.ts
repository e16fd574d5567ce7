import { complaintTest } from "./examined.ts";

complaintTest("the repository's SQL has nothing to complain of", "", []);

complaintTest(
  "a plpgsql function that names a column that is not there is found at its line",
  `create function public.drift_a() returns void language plpgsql set search_path = '' as $$
   begin
     update public.profiles set no_such_column = 1 where id is null;
   end $$`,
  [{ rule: "sql-plpgsql", name: "drift_a", says: "no_such_column" }],
);

complaintTest(
  "a trigger function is checked against each table it hangs on, and wrong only for the one that lacks the column",
  `create table public.drift_good (id int primary key, wanted int);
   create table public.drift_bad (id int primary key);
   create function public.drift_b() returns trigger language plpgsql set search_path = '' as $$
   begin
     new.wanted := 1;
     return new;
   end $$;
   create trigger a before insert on public.drift_good for each row execute function public.drift_b();
   create trigger a before insert on public.drift_bad for each row execute function public.drift_b();`,
  [{ rule: "sql-trigger", name: "drift_b", says: "drift_b() on drift_bad" }],
);

complaintTest(
  "what a trigger function does for another table, by TG_TABLE_NAME, is not wrong for this one",
  `create table public.drift_one (id int primary key, wanted int);
   create table public.drift_two (id int primary key, other int);
   create function public.drift_g() returns trigger language plpgsql set search_path = '' as $$
   begin
     if tg_table_name = 'drift_one' then
       new.wanted := 1;
     elsif tg_table_name in ('drift_two') then
       new.other := 1;
     end if;
     case tg_table_name
       when 'drift_one' then new.wanted := 2;
       else new.other := 2;
     end case;
     if tg_table_name <> 'drift_one' then
       return new;
     end if;
     new.wanted := 3;
     return new;
   end $$;
   create function public.drift_h() returns trigger language plpgsql set search_path = '' as $$
   begin
     if tg_table_name = 'drift_two' then
       new.wanted := 1;
     end if;
     return new;
   end $$;
   create trigger a before insert on public.drift_one for each row execute function public.drift_g();
   create trigger a before insert on public.drift_two for each row execute function public.drift_g();
   create trigger b before insert on public.drift_one for each row execute function public.drift_h();
   create trigger b before insert on public.drift_two for each row execute function public.drift_h();`,
  [{ rule: "sql-trigger", name: "drift_h", says: "drift_h() on drift_two" }],
);

complaintTest(
  "what plpgsql_check says of style is advice",
  `create function public.drift_i() returns void language plpgsql set search_path = '' as $$
   declare v_unused integer;
   begin
     perform 1;
   end $$`,
  [{
    rule: "sql-plpgsql",
    name: "drift_i",
    says: "v_unused",
    level: "advice",
  }],
);

complaintTest(
  "what follows from one statement that fails is not said again",
  `create function public.drift_j() returns integer language plpgsql set search_path = '' as $$
   declare v_row record;
   begin
     select * into v_row from public.drift_gone;
     perform v_row.first_name;
     return v_row.id;
   end $$`,
  [{ rule: "sql-plpgsql", name: "drift_j", says: "drift_gone" }],
);

complaintTest(
  "a trigger function on no table is found, as nothing checks it",
  `create function public.drift_c() returns trigger language plpgsql set search_path = '' as $$
   begin return new; end $$`,
  [{ rule: "sql-trigger", name: "drift_c", says: "no table" }],
);

complaintTest(
  "an SQL function with a string body is parsed anew",
  `create table public.drift_t (id int primary key, old_name text);
   create function public.drift_d() returns text language sql set search_path = '' as
     $$ select old_name from public.drift_t $$;
   create function public.drift_s() returns setof text language sql stable as
     $$ select old_name from public.drift_t $$;
   create view public.drift_view as select * from public.drift_s();
   alter table public.drift_t rename column old_name to new_name`,
  [
    { rule: "sql-function", name: "drift_d", says: "old_name" },
    { rule: "sql-function", name: "drift_s", says: "old_name" },
    { rule: "sql-view", name: "drift_view", says: "old_name" },
  ],
);

complaintTest(
  "a begin atomic body follows a rename, and is found when the row type it returns has grown",
  `create table public.drift_t (id int primary key, old_name text);
   create function public.drift_e() returns text language sql set search_path = ''
     begin atomic select old_name from public.drift_t; end;
   create function public.drift_f() returns setof public.drift_t language sql set search_path = ''
     begin atomic select * from public.drift_t; end;
   alter table public.drift_t rename column old_name to new_name;
   alter table public.drift_t add column more int`,
  [
    { rule: "sql-function", name: "drift_f", says: "return type mismatch" },
  ],
);

complaintTest(
  "policies, defaults and checks are planned with what they call",
  `create table public.drift_t (id int primary key, old_name text);
   create function public.drift_f(int) returns setof public.drift_t language sql stable as
     $$ select id, old_name from public.drift_t $$;
   create function public.drift_one() returns int language sql as $$ select max(id) from public.drift_t $$;
   create table public.drift_u (id int default public.drift_one(), n int check (n > public.drift_one()));
   create policy p on public.drift_u for select to service_role
     using (exists (select from public.drift_f(1)));
   alter table public.drift_t rename column old_name to new_name;
   alter table public.drift_t rename column id to number`,
  [
    { rule: "sql-function", name: "drift_f", says: "does not exist" },
    { rule: "sql-function", name: "drift_one", says: "does not exist" },
    { rule: "sql-policy", name: "p", says: "does not exist" },
    { rule: "sql-default", name: "id", says: "does not exist" },
    { rule: "sql-check", name: "drift_u_n_check", says: "does not exist" },
  ],
);

complaintTest(
  "a policy that calls or reads what its role may not is found",
  `create table public.drift_secret (id int);
   create table public.drift_t (id int);
   revoke all on public.drift_secret from authenticated;
   grant select on public.drift_t to authenticated;
   create function public.drift_may() returns boolean language plpgsql set search_path = '' as
     $$ begin return true; end $$;
   revoke execute on function public.drift_may() from public, anon, authenticated;
   create policy p on public.drift_t for select to authenticated
     using (public.drift_may() and exists (select from public.drift_secret))`,
  [
    {
      rule: "sql-policy",
      name: "p",
      says: "authenticated may not execute public.drift_may()",
    },
    {
      rule: "sql-policy",
      name: "p",
      says: "authenticated may not read public.drift_secret",
    },
  ],
);

complaintTest(
  "a job whose command calls a function that is not there, or names its argument wrong, is found and not run",
  `select cron.schedule('drift-a', '0 0 1 1 *', 'select public.no_such_function()');
   select cron.schedule('drift-b', '0 0 1 1 *', $$delete from public.profiles where no_such = 1$$);
   select cron.schedule('drift-c', '0 0 1 1 *', 'select pg_sleep(1000)')`,
  [
    { rule: "cron-command", name: "drift-a", says: "no_such_function" },
    { rule: "cron-command", name: "drift-b", says: "no_such" },
  ],
);

complaintTest(
  "a function's address in a body, a caller's argument or a job names a folder that is there",
  `create function public.drift_call(p_name text) returns text language plpgsql set search_path = '' as
     $$ begin return 'https://x.supabase.co' || '/functions/v1/' || p_name; end $$;
   create function public.drift_g() returns text language plpgsql set search_path = '' as $$
   begin
     -- not public.drift_call('commented')
     perform public.drift_call('known-function');
     return public.drift_call(p_name => 'gone-function');
   end $$;
   create function public.drift_h() returns text language sql
     begin atomic select 'https://x.supabase.co/functions/v1/also-gone?x=1'::text; end`,
  [
    { rule: "function-url", name: "gone-function", says: "drift_g calls" },
    { rule: "function-url", name: "also-gone", says: "drift_h calls" },
  ],
);
