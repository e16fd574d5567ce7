create or replace function private.open_sessions()
returns table (
  id uuid, session_type_id uuid, title text, description text, session_date timestamptz,
  duration_minutes integer, registration_deadline timestamptz, places_left bigint
)
language sql
stable
security definer -- a session is shown to nobody who is not registered, for its link and its notes
set search_path = ''
as $$
  with shown as (
    select s.* from public.sessions s
    where s.allow_self_registration
      and s.status in ('scheduled', 'confirmed')
      and (s.registration_deadline is null or s.registration_deadline > now())
      and s.session_date > now()
    union
    select s.* from public.session_participants p
    join public.sessions s on s.id = p.session_id
    where p.user_id = (select auth.uid())
      and p.status = 'invited'
      and s.status in ('scheduled', 'confirmed')
  )
  select s.id, s.session_type_id, s.title, s.description, s.session_date, s.duration_minutes,
    s.registration_deadline,
    greatest(
      coalesce(s.max_participants, t.max_participants) - (
        select count(*) from public.session_participants p
        where p.session_id = s.id and p.status in ('registered', 'confirmed', 'attended', 'no_show')
      ),
      0
    )
  from shown s
  join public.session_types t on t.id = s.session_type_id
  order by s.session_date, s.id
$$;
comment on function private.open_sessions() is
  'The coming free-standing sessions that the caller may register for, or is invited to, without link, place and '
  'notes. places_left is null where there is no limit.';
revoke execute on function private.open_sessions() from public;
grant execute on function private.open_sessions() to authenticated;

create or replace function public.open_sessions()
returns table (
  id uuid, session_type_id uuid, title text, description text, session_date timestamptz,
  duration_minutes integer, registration_deadline timestamptz, places_left bigint
)
language sql
stable
set search_path = ''
as $$ select * from private.open_sessions() $$;
comment on function public.open_sessions() is
  'The free-standing sessions that the caller may register for, or is invited to: private.open_sessions(), '
  'with the caller''s rights.';
revoke execute on function public.open_sessions() from public, anon, authenticated, service_role;
grant execute on function public.open_sessions() to authenticated;
