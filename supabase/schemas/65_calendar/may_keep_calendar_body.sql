-- Whoever holds a link can ask for 40,000 variants; their owner's programs want one or two.
create or replace function private.may_keep_calendar_body(p_user_id uuid, p_variant text)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    p_variant is not null
      and exists (select from private.calendar_summaries s where s.user_id = p_user_id)
      and (
        count(*) < 4
        or bool_or(b.variant = p_variant)
        or min(b.kept_at) < now() - interval '1 hour'
      ),
    false
  )
  from private.calendar_bodies b
  where b.user_id = p_user_id;
end;
comment on function private.may_keep_calendar_body(uuid, text) is
  'Whether a calendar of this variant may be kept: of a feed that is watched, in place of its former one, '
  'as one of four, or of the oldest where that has been there for an hour.';
revoke execute on function private.may_keep_calendar_body(uuid, text) from public;
grant execute on function private.may_keep_calendar_body(uuid, text) to service_role;
