create or replace function private.invite_calcom_group(p_lineage_id uuid, p_user_id uuid default null)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_lineage public.calcom_lineages;
  v_bookers uuid[];
begin
  select l.* into strict v_lineage from public.calcom_lineages l where l.id = p_lineage_id;
  -- Whoever joins or leaves waits, or is waited for: nobody is overlooked.
  perform from public.groups g where g.id = v_lineage.group_id for no key update;

  select array_agg(b.attendee_user_id) || (v_lineage.decided ->> 'user_id')::uuid into v_bookers
  from public.calcom_bookings b
  where b.lineage_id = p_lineage_id and b.accepted_at is not null;

  insert into public.group_session_participants as p (
    session_id, group_id, user_id, response_status, responded_at
  )
  select v_lineage.group_session_id, m.group_id, m.user_id,
    case when m.user_id = any (v_bookers) then 'accepted' else 'pending' end,
    case when m.user_id = any (v_bookers) then now() end
  from public.group_memberships m
  where m.group_id = v_lineage.group_id
    and m.status = 'active'
    and m.user_id = coalesce(p_user_id, m.user_id)
    and v_lineage.group_session_id is not null
  order by m.user_id
  on conflict (session_id, user_id) do update
    set response_status = excluded.response_status, responded_at = excluded.responded_at
    where p.response_status = 'pending' and excluded.response_status = 'accepted';

  insert into public.module_session_participants as p (session_id, user_id, response_status)
  select v_lineage.module_session_id, m.user_id,
    case when m.user_id = any (v_bookers) then 'accepted' else 'pending' end
  from public.group_memberships m
  where m.group_id = v_lineage.group_id
    and m.status = 'active'
    and m.user_id = coalesce(p_user_id, m.user_id)
    and v_lineage.module_session_id is not null
  order by m.user_id
  on conflict (session_id, user_id) do update
    set response_status = excluded.response_status
    where p.response_status = 'pending' and excluded.response_status = 'accepted';
end
$$;
comment on function private.invite_calcom_group(uuid, uuid) is
  'Adds the active members of a lineage''s group (or one of them) to its session, each once; who booked has '
  'accepted.';
revoke execute on function private.invite_calcom_group(uuid, uuid) from public;
