create or replace function private.lock_credit_owner(p_owner_type text, p_owner_id uuid)
returns void
language plpgsql -- which keeps its plans: every spend asks
volatile
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('credits:' || p_owner_type || ':' || p_owner_id, 0));
end
$$;
comment on function private.lock_credit_owner(text, uuid) is
  'Makes spends of one owner follow one another. Plan allowance has no row that could be locked.';
revoke execute on function private.lock_credit_owner(text, uuid) from public;

create or replace function private.try_lock_credit_owner(p_owner_type text, p_owner_id uuid)
returns boolean
language sql
volatile
set search_path = ''
begin atomic
  select pg_try_advisory_xact_lock(hashtextextended('credits:' || p_owner_type || ':' || p_owner_id, 0));
end;
comment on function private.try_lock_credit_owner(text, uuid) is
  'As lock_credit_owner, where nobody else has the lock; for what holds other locks already.';
revoke execute on function private.try_lock_credit_owner(text, uuid) from public;
