create or replace function private.find_calcom_pending_session(
  p_target private.calcom_target, p_hints jsonb[]
)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select pending.id
  from unnest(p_hints) with ordinality as hint (ids, place)
  join (
    select s.id
    from public.module_sessions s
    where p_target.kind <> 'peer_group'
      and s.module_id = p_target.module_id
      and s.enrollment_id is not distinct from p_target.enrollment_id
      and (s.status in ('draft', 'requested') or (s.status = 'scheduled' and s.session_date is null))
      -- a session for a group does not say of which: only that its participants are of this one
      and (
        p_target.kind = 'individual'
        or (
          s.session_type = 'group'
          and not exists (
            select from public.module_session_participants p
            where p.session_id = s.id
              and not exists (
                select from public.group_memberships m
                where m.group_id = p_target.group_id and m.user_id = p.user_id
              )
          )
          and exists (
            select from public.module_session_participants p
            where p.session_id = s.id and p.user_id = p_target.user_id
          )
        )
      )
      and not exists (select from public.calcom_lineages l where l.module_session_id = s.id)
    union all
    select s.id
    from public.group_sessions s
    where p_target.kind = 'peer_group'
      and s.group_id = p_target.group_id
      and s.status in ('requested', 'scheduled')
      and not exists (select from public.calcom_lineages l where l.group_session_id = s.id)
  ) pending on hint.ids ->> 'pending_session_id' = pending.id::text
  order by hint.place
  limit 1;
end;
comment on function private.find_calcom_pending_session(private.calcom_target, jsonb[]) is
  'The session that the link names, where it waits for a booking and belongs to the target''s own enrolment '
  'or group.';
revoke execute on function private.find_calcom_pending_session(private.calcom_target, jsonb[]) from public;
