create or replace function public.keep_calendar_body(
  p_user_id uuid, p_variant text, p_fingerprint text, p_body text
)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- One writer at a time, so that two never wait for one another; the others leave it at that.
  perform from private.calendar_summaries s where s.user_id = p_user_id for no key update skip locked;
  if not found or not private.may_keep_calendar_body(p_user_id, p_variant) then
    return false;
  end if;
  insert into private.calendar_bodies as b (user_id, variant, fingerprint, body)
  values (p_user_id, p_variant, p_fingerprint, p_body)
  on conflict (user_id, variant) do update
    set fingerprint = excluded.fingerprint, body = excluded.body, kept_at = excluded.kept_at;
  delete from private.calendar_bodies b
  where b.user_id = p_user_id
    and b.variant not in (
      select k.variant from private.calendar_bodies k
      where k.user_id = p_user_id
      order by k.kept_at desc, k.variant = p_variant desc
      limit 4
    );
  return true;
end
$$;
comment on function public.keep_calendar_body(uuid, text, text, text) is
  'calendar-feed: keeps a calendar that was rendered from the data of this fingerprint, in place of what '
  'there was of this variant. Of more than four variants the oldest goes, after an hour. Returns whether it '
  'was kept.';
revoke execute on function public.keep_calendar_body(uuid, text, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.keep_calendar_body(uuid, text, text, text) to service_role;
