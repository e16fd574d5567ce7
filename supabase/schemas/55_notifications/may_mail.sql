create or replace function private.mail_actor(p_user_id uuid default auth.uid())
returns uuid
language plpgsql
set search_path = ''
as $$
begin
  if p_user_id is null or private.has_role(p_user_id, 'admin') then
    return null;
  end if;
  -- One at a time an actor: those who wait here count the mails of those before them.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('mails of ' || p_user_id, 0));
  return p_user_id;
end
$$;
comment on function private.mail_actor(uuid) is
  'Whose budget pays for the mails that are queued now, locked until the transaction ends: the caller''s, or that of '
  'the person for whom the server acts. Null for the server itself and for admins, whose mails are not counted.';
revoke execute on function private.mail_actor(uuid) from public;

create or replace function private.may_mail(p_actor_id uuid, p_recipient_email text, p_more bigint)
returns boolean
language sql
stable -- counts what was there before the statement that asks: p_more is of that statement
set search_path = ''
as $$
  select p_actor_id is null or (
    select
      -- A coach who calls off a workshop writes to everybody in it; nobody moves sessions all day.
      count(*) filter (where q.is_of_this_hour) + p_more < 100
      and count(*) + p_more < 300
      -- To one person: a session that is booked, moved and called off, and once more.
      and count(*) filter (where q.is_of_this_hour and q.is_to_this_one) < 6
      and count(*) filter (where q.is_to_this_one) < 20
    from (
      select m.created_at > now() - interval '1 hour' as is_of_this_hour,
        lower(m.recipient_email) = lower(p_recipient_email) as is_to_this_one
      from public.email_queue m
      where m.actor_id = p_actor_id
        and m.created_at > now() - interval '1 day'
        and m.status <> 'suppressed'
    ) q
  )
$$;
comment on function private.may_mail(uuid, text, bigint) is
  'Whether the actor may cause one more mail to this address, and p_more to others before it: 100 an hour and '
  '300 a day to all, 6 an hour and 20 a day to one. What goes over is queued as suppressed; the notification '
  'in the app is made all the same.';
revoke execute on function private.may_mail(uuid, text, bigint) from public;
