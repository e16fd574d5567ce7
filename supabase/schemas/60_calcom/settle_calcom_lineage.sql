create or replace function private.settle_calcom_lineage(p_lineage_id uuid, p_now timestamptz default now())
returns private.calcom_settlement
language plpgsql
set search_path = ''
as $$
declare
  v_lineage public.calcom_lineages;
  v_head public.calcom_bookings;
  v_detail public.calcom_bookings;
  v_target private.calcom_target;
  v_status text;
  v_session record;
  v_was_live boolean;
  v_invites boolean; -- what was accepted once is known to the group, whatever became of it
  v_result private.calcom_settlement;
begin
  select h.* into v_head from private.calcom_history(p_lineage_id) h limit 1;
  v_detail := v_head;
  if v_detail.starts_at is null then
    select h.* into v_detail from private.calcom_history(p_lineage_id) h
    where h.starts_at is not null
    limit 1;
  end if;
  if v_detail.starts_at is null then -- a cancellation of something never heard of
    v_result.status := 'ignored';
    return v_result;
  end if;
  v_status := case
    when v_head.rejected_at is not null then 'cancelled'
    when v_head.cancelled_at is not null and not v_head.awaits_new_time then 'cancelled'
    when v_head.cancelled_at is not null or v_head.accepted_at is null then 'requested'
    else 'scheduled'
  end;

  v_invites := exists (
    select from public.calcom_bookings b where b.lineage_id = p_lineage_id and b.accepted_at is not null
  );

  v_target := private.find_calcom_target(p_lineage_id);
  select l.* into strict v_lineage from public.calcom_lineages l where l.id = p_lineage_id;
  select coalesce(m.id, g.id) as id, coalesce(m.status, g.status) as status,
    coalesce(m.session_date, g.session_date) as starts_at,
    coalesce(m.calcom_booking_uid, g.calcom_booking_uid) as booking_uid,
    m.module_id, m.enrollment_id, g.group_id
  into v_session
  from (select) one
  left join public.module_sessions m on m.id = v_lineage.module_session_id
  left join public.group_sessions g on g.id = v_lineage.group_session_id;
  v_was_live := coalesce(v_session.status in ('scheduled', 'confirmed'), false);

  if cardinality(v_target.missing) > 0 and v_session.id is null then
    if v_status = 'cancelled' then -- nothing stands, and nothing is left to be done
      perform private.close_calcom_review(p_lineage_id, 'obsolete', p_now => p_now);
      v_result.status := 'ignored';
      return v_result;
    end if;
    perform private.open_calcom_review(p_lineage_id, v_detail, v_target.missing);
    v_result.status := 'review';
    v_result.missing := v_target.missing;
    return v_result;
  end if;

  v_result.session_id := v_session.id;
  v_result.status := 'unchanged';
  if v_session.id is not null
    and private.calcom_fingerprint(v_status, v_head.uid, v_detail, v_target) = v_lineage.settled
  then
    return v_result;
  end if;

  if v_session.status = 'completed' then
    if v_status = 'cancelled' or v_session.booking_uid = v_head.uid then
      return v_result;
    end if;
    -- what took place stays as it is; what is booked now is another session
    perform private.release_calcom_session(p_lineage_id);
    v_session.id := null;
    v_was_live := false;
  elsif v_session.id is not null and cardinality(v_target.missing) = 0 and (
    (v_target.pending_session_id is not null and not v_lineage.adopted)
    or (v_target.kind = 'peer_group') <> (v_lineage.group_session_id is not null)
    or v_target.group_id <> v_lineage.group_id
    or (v_target.kind <> 'peer_group' and v_target.module_id <> v_session.module_id)
    or v_target.enrollment_id is distinct from v_session.enrollment_id
  ) then
    perform private.release_calcom_session(p_lineage_id);
    v_session.id := null;
    v_was_live := false;
  end if;

  if v_session.id is null then
    perform private.open_calcom_session(p_lineage_id, v_target, v_status, v_detail.starts_at);
    select l.* into strict v_lineage from public.calcom_lineages l where l.id = p_lineage_id;
  end if;
  v_result.session_id := coalesce(v_lineage.module_session_id, v_lineage.group_session_id);

  if v_invites and v_lineage.module_session_id is not null then
    perform private.invite_calcom_group(p_lineage_id);
  end if;
  perform private.write_calcom_session(
    p_lineage_id, v_status, v_target.host_id, v_target.user_id, v_head, v_detail
  );
  if v_invites and v_lineage.group_session_id is not null then
    perform private.invite_calcom_group(p_lineage_id); -- told as they are added, once it stands
  end if;

  v_result.status := case
    when v_status = 'scheduled' and v_was_live and v_session.starts_at <> v_detail.starts_at then 'moved'
    when v_status = 'scheduled' and v_was_live then 'unchanged'
    when v_status = 'scheduled' then 'booked'
    when v_status = 'cancelled' then 'cancelled'
    when v_head.cancelled_at is not null then 'waiting'
    else 'requested'
  end;
  if v_lineage.group_session_id is not null and v_target.host_id is not null then
    if v_result.status = 'booked' then
      perform private.tell_calcom_host(v_result.session_id, v_target.host_id, 'scheduled');
    elsif v_result.status = 'moved' then
      perform private.tell_calcom_host(v_result.session_id, v_target.host_id, 'rescheduled');
    elsif v_result.status = 'cancelled' and v_was_live then
      perform private.tell_calcom_host(v_result.session_id, v_target.host_id, 'cancelled');
    end if;
  end if;

  -- found again from what stands now, so that the same facts have the same fingerprint next time
  v_target := private.find_calcom_target(p_lineage_id);
  update public.calcom_lineages l
  set settled = private.calcom_fingerprint(v_status, v_head.uid, v_detail, v_target)
  where l.id = p_lineage_id;
  perform private.close_calcom_review(p_lineage_id, 'settled', p_now => p_now);
  return v_result;
end
$$;
comment on function private.settle_calcom_lineage(uuid, timestamptz) is
  'Makes the one session of a lineage what its facts say, whatever order they came in; opens a review when '
  'something is missing. The caller holds the lineage.';
revoke execute on function private.settle_calcom_lineage(uuid, timestamptz) from public;
