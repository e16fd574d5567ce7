create or replace function private.tell_of_module_session()
returns trigger
language plpgsql
security definer -- users may not notify one another
set search_path = ''
as $$
declare
  v_was_live boolean := tg_op = 'UPDATE'
    and old.session_date is not null and old.status in ('scheduled', 'confirmed', 'rescheduled');
  v_news text := private.session_news(
    v_was_live,
    case when tg_op = 'UPDATE' then old.session_date end,
    new.session_date is not null and new.status in ('scheduled', 'confirmed', 'rescheduled'),
    new.session_date,
    new.status = 'cancelled'
  );
  v_module record;
  v_people uuid[];
begin
  if new.status = 'requested' and (tg_op = 'INSERT' or old.status <> 'requested') then
    v_news := 'requested';
  end if;
  if v_news is null then
    return null;
  end if;

  select m.title, '/programs/' || program.slug as link, host.name as host_name
  into v_module
  from public.program_modules m
  join public.programs program on program.id = coalesce(new.program_id, m.program_id)
  left join public.profiles host on host.id = new.instructor_id
  where m.id = new.module_id;

  select array_agg(person.id) into v_people
  from (
    select e.client_user_id from public.client_enrollments e
    where e.id = new.enrollment_id and v_news <> 'requested'
    union
    select p.user_id from public.module_session_participants p
    where p.session_id = new.id and p.response_status <> 'declined' and v_news <> 'requested'
    union
    select new.instructor_id
    union
    select staff.id
    from (
      select i.instructor_id from public.module_instructors i where i.module_id = new.module_id
      union
      select c.coach_id from public.module_coaches c where c.module_id = new.module_id
      union
      select s.staff_user_id from public.enrollment_module_staff s
      where s.enrollment_id = new.enrollment_id and s.module_id = new.module_id
    ) as staff (id)
    where v_news = 'requested' and private.is_coach_or_instructor(staff.id)
  ) as person (id)
  where person.id is distinct from (select auth.uid()); -- who does it knows

  perform private.tell(
    v_people,
    'session_' || v_news,
    'Session ' || initcap(v_news) || ': ' || v_module.title,
    coalesce(
      private.session_time(coalesce(new.session_date, new.preferred_date), new.timezone), 'No date yet'
    ) || coalesce(' with ' || v_module.host_name, ''),
    v_module.link,
    jsonb_build_object(
      'session_id', new.id,
      'session_date', new.session_date,
      'module_title', v_module.title,
      'instructor_name', v_module.host_name
    ),
    'module-session:' || new.id || ':' || new.calendar_sequence
  );
  return null;
exception
  when others then -- a notification never undoes a booking
    perform private.record_trigger_failure('tell_of_module_session', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function private.tell_of_module_session() is
  'Trigger on module_sessions: tells client, participants and host of a session that is booked, moved or '
  'cancelled, and the module''s staff of one that is requested.';
revoke execute on function private.tell_of_module_session() from public;
