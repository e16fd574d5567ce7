create or replace function private.open_calcom_session(
  p_lineage_id uuid, p_target private.calcom_target, p_status text, p_starts_at timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_id uuid := p_target.pending_session_id;
begin
  if v_id is null and p_target.kind = 'peer_group' then
    insert into public.group_sessions (group_id, title, session_date, status)
    values (p_target.group_id, left(p_target.title, 300), p_starts_at, p_status)
    returning id into v_id;
  elsif v_id is null then
    insert into public.module_sessions (
      module_id, program_id, enrollment_id, session_type, title, status, source, calcom_booking_uid
    )
    values (
      p_target.module_id,
      case when p_target.kind = 'group_module' then p_target.program_id end,
      p_target.enrollment_id,
      case when p_target.kind = 'group_module' then 'group' else 'individual' end,
      left(p_target.title, 300),
      -- without a date, and of no interest to anybody until all of it is written: then host, client and
      -- participants are told together
      'draft',
      'client_external',
      (select h.uid from private.calcom_history(p_lineage_id) h limit 1)
    )
    returning id into v_id;
  end if;

  update public.calcom_lineages l
  set module_session_id = case when p_target.kind <> 'peer_group' then v_id end,
    group_session_id = case when p_target.kind = 'peer_group' then v_id end,
    adopted = p_target.pending_session_id is not null,
    group_id = p_target.group_id
  where l.id = p_lineage_id;
end
$$;
comment on function private.open_calcom_session(uuid, private.calcom_target, text, timestamptz) is
  'Gives a lineage its session: the one that was waiting for the booking, else a new one, which for a '
  'module is a draft.';
revoke execute on function private.open_calcom_session(uuid, private.calcom_target, text, timestamptz)
  from public;
