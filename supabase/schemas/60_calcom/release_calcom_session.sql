create or replace function private.release_calcom_session(p_lineage_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_before public.calcom_lineages;
begin
  select l.* into strict v_before from public.calcom_lineages l where l.id = p_lineage_id;
  update public.calcom_lineages l
  set module_session_id = null, group_session_id = null, adopted = false, settled = null
  where l.id = p_lineage_id;

  if v_before.adopted then
    update public.module_sessions s set status = 'cancelled'
    where s.id = v_before.module_session_id and s.status not in ('completed', 'cancelled');
    update public.group_sessions s set status = 'cancelled'
    where s.id = v_before.group_session_id and s.status not in ('completed', 'cancelled');
  else
    delete from public.module_sessions s
    where s.id = v_before.module_session_id and s.status <> 'completed';
    delete from public.group_sessions s
    where s.id = v_before.group_session_id and s.status <> 'completed';
  end if;
end
$$;
comment on function private.release_calcom_session(uuid) is
  'Parts a lineage from a session that turned out not to be its own. One that the booking made never was, '
  'and goes; one that was there before is cancelled; a completed one stays.';
revoke execute on function private.release_calcom_session(uuid) from public;
