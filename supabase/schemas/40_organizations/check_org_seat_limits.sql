create type public.org_seat_check as (
  alerts jsonb, -- [{organizationId, organizationName, type, seatKind, usedSeats, maxSeats, percentUsed, adminsTold}]
  errors jsonb -- [{organizationId, code}]: SQLSTATE of what undid one organisation's alert
);
comment on type public.org_seat_check is 'What check_org_seat_limits did.';

create or replace function private.alert_seat_limit(
  p_organization_id uuid,
  p_organization_name text,
  p_seat_kind text,
  p_threshold integer,
  p_used integer,
  p_maximum integer,
  p_admin_ids uuid[],
  p_now timestamptz
)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_type constant text :=
    case p_threshold when 100 then 'org_seat_limit_reached' else 'org_seat_limit_warning' end;
  v_seats constant text := case p_seat_kind when 'sponsored' then 'sponsored seats' else 'seats' end;
begin
  -- A run at the same time waits here, and then finds it told.
  insert into private.seat_limit_alerts as a (organization_id, seat_kind, threshold, alerted_at)
  values (p_organization_id, p_seat_kind, p_threshold, p_now)
  on conflict (organization_id, seat_kind, threshold) do update
    set alerted_at = excluded.alerted_at
    where a.alerted_at <= excluded.alerted_at - interval '7 days';
  if not found then
    return null;
  end if;

  perform private.tell(
    p_user_ids => p_admin_ids,
    p_type_key => v_type,
    p_title => case p_threshold
      when 100 then format('%s has no %s left', p_organization_name, v_seats)
      else format('%s is running out of %s', p_organization_name, v_seats)
    end,
    p_message => format('%s of %s %s are taken.', p_used, p_maximum, v_seats),
    p_metadata => jsonb_build_object(
      'organizationId', p_organization_id, 'organizationName', p_organization_name,
      'usedSeats', p_used, 'maxSeats', p_maximum, 'percentUsed', 100::bigint * p_used / p_maximum
    ),
    p_dedupe_key => format(
      'org-seat-limit:%s:%s:%s:%s', p_organization_id, p_seat_kind, p_threshold,
      to_char(p_now at time zone 'UTC', 'YYYY-MM-DD')
    )
  );
  return jsonb_build_object(
    'organizationId', p_organization_id, 'organizationName', p_organization_name, 'type', v_type,
    'seatKind', p_seat_kind, 'usedSeats', p_used, 'maxSeats', p_maximum,
    'percentUsed', 100::bigint * p_used / p_maximum, 'adminsTold', cardinality(p_admin_ids)
  );
end
$$;
comment on function private.alert_seat_limit(uuid, text, text, integer, integer, integer, uuid[], timestamptz) is
  'Tells an organisation''s admins, and remembers it; null when another run has told them meanwhile.';
revoke execute on function private.alert_seat_limit(uuid, text, text, integer, integer, integer, uuid[], timestamptz)
  from public;

create or replace function private.seat_alerts_due(p_now timestamptz)
returns table (
  organization_id uuid, organization_name text, seat_kind text, threshold integer,
  used integer, maximum integer, admin_ids uuid[]
)
language sql
stable
set search_path = ''
as $$
  select o.id, o.name, kind.name, level.threshold, kind.used, kind.maximum, admins.ids
  from public.organizations o
  cross join lateral private.organization_seats(o.id, p_now) s
  cross join lateral (
    values
      ('member', s.members + s.held, s.max_members),
      ('sponsored', s.sponsored, s.max_sponsored)
  ) as kind (name, used, maximum)
  cross join lateral (
    -- whole numbers: 199 of 200 are not all
    select (case when kind.used >= kind.maximum then 100 else 80 end)::integer as threshold
  ) level
  cross join lateral (
    select array_agg(m.user_id order by m.user_id) as ids
    from public.organization_members m
    where m.organization_id = o.id and m.role = 'org_admin' and m.is_active
      and private.is_reachable(m.user_id)
  ) admins
  where o.is_active
    and kind.maximum > 0
    and kind.used::bigint * 100 >= kind.maximum::bigint * 80
    and admins.ids is not null
    and not exists (
      select from private.seat_limit_alerts a
      where a.organization_id = o.id and a.seat_kind = kind.name and a.threshold = level.threshold
        and a.alerted_at > p_now - interval '7 days'
    );
$$;
comment on function private.seat_alerts_due(timestamptz) is
  'Active organisations with 80 per cent of a kind of seats taken, or all, whose admins have not been told '
  'so for 7 days.';
revoke execute on function private.seat_alerts_due(timestamptz) from public;

create or replace function public.check_org_seat_limits(p_now timestamptz default now())
returns public.org_seat_check
language plpgsql
security definer -- what it calls is nobody's to call
set search_path = ''
as $$
declare
  v_result public.org_seat_check;
  v_due record;
begin
  v_result.alerts := '[]';
  v_result.errors := '[]';
  -- A savepoint each: what fails for one organisation is recorded, and tried again by the next run.
  for v_due in
    select * from private.seat_alerts_due(p_now) d order by d.organization_id, d.seat_kind
  loop
    begin
      v_result.alerts := v_result.alerts || coalesce(
        private.alert_seat_limit(
          v_due.organization_id, v_due.organization_name, v_due.seat_kind, v_due.threshold, v_due.used,
          v_due.maximum, v_due.admin_ids, p_now
        ),
        '[]'
      );
    exception
      when others then
        perform private.record_trigger_failure(
          'check_org_seat_limits', v_due.organization_id, sqlstate, sqlerrm
        );
        v_result.errors := v_result.errors || jsonb_build_object(
          'organizationId', v_due.organization_id, 'code', sqlstate
        );
    end;
  end loop;
  return v_result;
end
$$;
comment on function public.check_org_seat_limits(timestamptz) is
  'Tells the admins of each organisation whose seats run out, once per threshold and 7 days. pg_cron runs '
  'it daily.';
revoke execute on function public.check_org_seat_limits(timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.check_org_seat_limits(timestamptz) to service_role;
