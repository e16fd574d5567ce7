create table public.credit_debts (
  id uuid primary key default gen_random_uuid(),
  owner_type text not null check (owner_type in ('user', 'org')),
  owner_id uuid not null,
  batch_id uuid not null references public.credit_batches (id),
  credits integer not null check (credits >= 0),
  paid integer not null default 0 check (paid >= 0),
  reason text not null,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  note text,
  constraint credit_debts_settled_check check (settled_at is not null or credits > 0)
);

comment on table public.credit_debts is
  'Credits that were spent and are not paid for: refunded, disputed, or beyond what a broken instalment plan paid. '
  'While one is open its owner''s other credits go to pay it, and what they enrol in is held.';
comment on column public.credit_debts.credits is 'What is still owed; paid: what other credits of the owner have paid.';
comment on column public.credit_debts.settled_at is
  'When credits paid the last of it, or, with credits left, when a person put an end to it.';

create index credit_debts_batch_idx on public.credit_debts (batch_id);
create unique index credit_debts_open_key on public.credit_debts (batch_id) where settled_at is null or credits = 0;
create index credit_debts_owner_idx on public.credit_debts (owner_type, owner_id);
create index credit_debts_unsettled_idx on public.credit_debts (owner_type, owner_id) where settled_at is null;

alter table public.credit_debts enable row level security;
revoke all on table public.credit_debts from public, anon, authenticated, service_role;
grant select on table public.credit_debts to authenticated, service_role;
grant update (settled_at, note) on table public.credit_debts to authenticated;
grant update (settled_at, note) on table public.credit_debts to service_role;

create policy "select" on public.credit_debts for select to authenticated using ((select private.is_admin()));
create policy "update" on public.credit_debts for update to authenticated using ((select private.is_admin()));

create or replace function private.has_credit_debt(p_owner_type text, p_owner_id uuid)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select exists (
    select from public.credit_debts d
    where d.owner_type = p_owner_type and d.owner_id = p_owner_id and d.settled_at is null
  );
end;
comment on function private.has_credit_debt(text, uuid) is 'Whether an owner owes credits.';
revoke execute on function private.has_credit_debt(text, uuid) from public;

create or replace function private.lift_debt_holds()
returns trigger
language plpgsql
security definer -- whoever settles a debt need not be allowed to write enrollments
set search_path = ''
as $$
declare
  v_owner record;
begin
  for v_owner in
    select distinct o.owner_type, o.owner_id from old_debts o
    where not private.has_credit_debt(o.owner_type, o.owner_id)
    order by 1, 2
  loop
    perform private.lift_locks(array(
      select l.enrollment_id
      from public.enrollment_payment_locks l
      join public.client_enrollments e on e.id = l.enrollment_id
      where l.schedule_id is null and v_owner.owner_type = 'user' and e.client_user_id = v_owner.owner_id
    ), null);
  end loop;
  -- a broken plan whose debt a person settled locks nothing any more
  perform private.relock_enrollments(b.backed_by)
  from (select distinct o.batch_id from old_debts o) d
  join public.credit_batches b on b.id = d.batch_id
  where b.backed_by is not null;
  return null;
end
$$;
comment on function private.lift_debt_holds() is 'Trigger: what a debt held is free once it is settled.';
revoke execute on function private.lift_debt_holds() from public;

create or replace trigger audit_writes
  after insert or update or delete on public.credit_debts
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger lift_debt_holds_delete
  after delete on public.credit_debts
  referencing old table as old_debts
  for each statement execute function private.lift_debt_holds();
create or replace trigger lift_debt_holds_update
  after update on public.credit_debts
  referencing old table as old_debts
  for each statement execute function private.lift_debt_holds();
