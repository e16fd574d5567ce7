create or replace function private.health_of_email_queue(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
begin atomic
  with due as (
    select min(q.scheduled_for) as since
    from public.email_queue q
    where q.status in ('pending', 'sending') and q.scheduled_for <= p_now
  ),
  dead as (
    select count(*) as mails, min(q.created_at) as since from public.email_queue q where q.status = 'dead'
  )
  select
    null,
    case
      when due.since < p_now - interval '15 minutes' then 'red'
      when due.since < p_now - interval '5 minutes' or dead.mails > 0 then 'amber'
      else 'green'
    end,
    dead.mails,
    case
      when due.since < p_now - interval '5 minutes' then 'waiting' when dead.mails > 0 then 'dead'
    end,
    least(due.since, dead.since),
    case
      when due.since < p_now - interval '5 minutes' or dead.mails > 0 then dead.mails || ' mails were given up'
        || coalesce(
          ', one has been due for ' || extract(epoch from p_now - due.since)::bigint / 60 || ' minutes', ''
        ) || '.'
      else 'Mails are sent as they fall due.'
    end
  from due cross join dead;
end;
comment on function private.health_of_email_queue(timestamptz) is
  'Mails that were given up, and how long the oldest has been due. Red: nobody sends.';
revoke execute on function private.health_of_email_queue(timestamptz) from public;
