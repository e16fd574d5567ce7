create table public.user_credit_balances (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  available_credits integer not null default 0,
  total_received integer not null default 0,
  total_consumed integer not null default 0,
  reserved_credits integer not null default 0,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint user_credit_balances_user_id_key unique (user_id)
);

comment on table public.user_credit_balances is
  'Older balance of a user, superseded by credit_batches; some functions still use it.';

alter table public.user_credit_balances enable row level security;
revoke all on table public.user_credit_balances from public, anon, authenticated, service_role;
grant select on table public.user_credit_balances to authenticated;
grant all on table public.user_credit_balances to service_role;

create policy "select" on public.user_credit_balances for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));

create or replace trigger update_user_credit_balances_updated_at
  before update on public.user_credit_balances
  for each row execute function public.update_updated_at_column();
