create or replace function private.lock_calcom_lineages(p_alone boolean)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if p_alone then
    perform pg_advisory_xact_lock(hashtextextended('calcom lineages', 0));
  else
    perform pg_advisory_xact_lock_shared(hashtextextended('calcom lineages', 0));
  end if;
end
$$;
comment on function private.lock_calcom_lineages(boolean) is
  'Holds which booking is of which lineage as it is until the transaction ends; alone: to change it.';
revoke execute on function private.lock_calcom_lineages(boolean) from public;
