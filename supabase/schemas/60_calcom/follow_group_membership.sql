create or replace function private.follow_group_membership()
returns trigger
language plpgsql
security definer -- who may change a membership need not be allowed to write its group's sessions
set search_path = ''
as $$
declare
  v_group_id uuid := case when tg_op = 'DELETE' then old.group_id else new.group_id end;
  v_user_id uuid := case when tg_op = 'DELETE' then old.user_id else new.user_id end;
  v_joins boolean := tg_op <> 'DELETE' and new.status = 'active';
begin
  -- as strong as invite_calcom_group takes it: two who join at once would wait for one another there
  perform from public.groups g where g.id = v_group_id for no key update;

  if v_joins then
    perform private.invite_calcom_group(l.id, v_user_id)
    from public.calcom_lineages l
    left join public.group_sessions g on g.id = l.group_session_id
    left join public.module_sessions m on m.id = l.module_session_id
    where l.group_id = v_group_id
      and coalesce(g.status, m.status) in ('scheduled', 'confirmed')
      and coalesce(g.session_date, m.session_date) > now();
  else
    delete from public.group_session_participants p
    using public.calcom_lineages l, public.group_sessions s
    where l.group_id = v_group_id and s.id = l.group_session_id and s.session_date > now()
      and p.session_id = s.id and p.user_id = v_user_id;
    delete from public.module_session_participants p
    using public.calcom_lineages l, public.module_sessions s
    where l.group_id = v_group_id and s.id = l.module_session_id and s.session_date > now()
      and p.session_id = s.id and p.user_id = v_user_id;
  end if;
  return null;
end
$$;
comment on function private.follow_group_membership() is
  'Trigger on group_memberships: who joins is asked to the group''s coming Cal.com sessions, who leaves is '
  'taken off them.';
revoke execute on function private.follow_group_membership() from public;
