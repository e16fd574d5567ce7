create or replace function private.keep_session_capacity()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  v_places integer;
begin
  if tg_op = 'UPDATE' and old.status in ('registered', 'confirmed', 'attended', 'no_show') then
    return new; -- has a place already
  end if;

  -- One at a time a session: those who wait here count those before them.
  perform from public.sessions s where s.id = new.session_id for no key update;
  select coalesce(s.max_participants, t.max_participants) into v_places
  from public.sessions s
  join public.session_types t on t.id = s.session_type_id
  where s.id = new.session_id;

  if v_places <= (
    select count(*) from public.session_participants p
    where p.session_id = new.session_id
      and p.id <> new.id
      and p.status in ('registered', 'confirmed', 'attended', 'no_show')
  ) then
    raise exception 'this session is full' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
comment on function private.keep_session_capacity() is
  'Trigger on session_participants: no more places than max_participants of the session, else of its type; '
  'null is no limit. Invitations and cancellations take no place.';
revoke execute on function private.keep_session_capacity() from public;
