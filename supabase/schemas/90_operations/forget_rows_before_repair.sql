create or replace function private.forget_rows_before_repair(p_now timestamptz default now())
returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_deleted bigint;
begin
  delete from private.rows_before_repair r where r.kept_at < p_now - interval '90 days';
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;
comment on function private.forget_rows_before_repair(timestamptz) is
  'Deletes rows as they were more than 90 days ago, before a migration put them right. Returns how many.';
revoke execute on function private.forget_rows_before_repair(timestamptz) from public;
