create or replace function private.health_of_trigger_failures(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
begin atomic
  with kept as (
    -- the newest are enough to tell
    select f.source, f.occurred_at from private.trigger_failures f order by f.id desc limit 1000
  )
  select
    null,
    case
      when count(*) filter (where k.occurred_at > p_now - interval '1 hour') >= 10 then 'red'
      when count(*) > 0 then 'amber'
      else 'green'
    end,
    count(*), min(k.source), min(k.occurred_at),
    case
      when count(*) > 0 then count(*) || ' failures are kept in private.trigger_failures, '
        || count(*) filter (where k.occurred_at > p_now - interval '1 hour') || ' of the last hour.'
      else 'No trigger has failed.'
    end
  from kept k;
end;
comment on function private.health_of_trigger_failures(timestamptz) is
  'What triggers could not do and nobody has looked at. Red: ten within an hour.';
revoke execute on function private.health_of_trigger_failures(timestamptz) from public;
