create or replace function private.health_of_pg_net(p_now timestamptz)
returns private.operations_check
language plpgsql
stable
set search_path = ''
as $$
declare
  v_check private.operations_check;
  v_answers bigint;
begin
  if to_regclass('net._http_response') is null then
    if exists (select from pg_catalog.pg_available_extensions e where e.name = 'pg_net') then
      v_check.status := 'red';
      v_check.detail := 'pg_net is not set up: no mail is sent by itself.';
    else
      v_check.status := 'amber';
      v_check.detail := 'This server has no pg_net: no mail is sent by itself.';
    end if;
    return v_check;
  end if;

  execute format($sql$
    select count(*), count(*) filter (where r.is_wrong), min(r.created) filter (where r.is_wrong),
      min(r.what) filter (where r.is_wrong)
    from (
      select a.created, a.timed_out is true or a.error_msg is not null or a.status_code >= 400 as is_wrong,
        coalesce('status ' || a.status_code, 'no answer') as what
      from %I._http_response a
      where a.created > $1 - interval '1 hour'
    ) r $sql$, 'net')
  into v_answers, v_check.number, v_check.since, v_check.subject
  using p_now;
  v_check.status := case
    when v_check.number = 0 then 'green' when v_check.number = v_answers then 'red' else 'amber'
  end;
  v_check.detail := v_check.number || ' of ' || v_answers || ' calls of the last hour failed.';
  return v_check;
end
$$;
comment on function private.health_of_pg_net(timestamptz) is
  'Whether pg_net is there and what the database called by it answered. All calls of the project count.';
revoke execute on function private.health_of_pg_net(timestamptz) from public;
