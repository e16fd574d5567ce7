create type public.calendar_link_result as (
  outcome text, -- ok | calendar_sync_disabled | account_disabled
  version integer
);
comment on type public.calendar_link_result is 'What calendar_link answers.';

create or replace function private.calendar_link(p_rotate boolean)
returns public.calendar_link_result
language plpgsql
security definer -- users may not write calendar_links: a version must never go down
set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid();
  v_sync_enabled boolean;
  v_version integer;
begin
  select p.calendar_sync_enabled into v_sync_enabled from public.profiles p where p.id = v_user_id;

  if not found or private.is_disabled(v_user_id) then
    return row('account_disabled', null)::public.calendar_link_result;
  end if;
  if v_sync_enabled is not true then
    return row('calendar_sync_disabled', null)::public.calendar_link_result;
  end if;

  if p_rotate then
    insert into private.calendar_links as l (user_id, version, rotated_at)
    values (v_user_id, 2, clock_timestamp())
    on conflict (user_id) do update
      set version = l.version + 1, rotated_at = excluded.rotated_at
    returning l.version into v_version;
    update public.profiles set calendar_token = null where id = v_user_id;
  else
    insert into private.calendar_links (user_id) values (v_user_id) on conflict (user_id) do nothing;
    select l.version into strict v_version from private.calendar_links l where l.user_id = v_user_id;
  end if;

  return row('ok', v_version)::public.calendar_link_result;
end
$$;
comment on function private.calendar_link(boolean) is
  'The version of the caller''s calendar link. With p_rotate every former link, the old kinds too, dies.';
revoke execute on function private.calendar_link(boolean) from public;
grant execute on function private.calendar_link(boolean) to authenticated;

create or replace function public.calendar_link(p_rotate boolean default false)
returns public.calendar_link_result
language sql
set search_path = ''
begin atomic
  select private.calendar_link(p_rotate);
end;
comment on function public.calendar_link(boolean) is
  'generate-calendar-url: the version of the caller''s calendar link; p_rotate revokes every former link.';
revoke execute on function public.calendar_link(boolean) from public, anon, authenticated, service_role;
grant execute on function public.calendar_link(boolean) to authenticated;
