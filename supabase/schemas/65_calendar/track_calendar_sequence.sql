create or replace function private.track_calendar_sequence()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  v_old jsonb;
  v_new jsonb;
  v_column text;
begin
  -- Whatever the writer sent, the sequence counts changes and nothing else.
  if tg_op = 'INSERT' then
    new.calendar_sequence := 0;
    new.calendar_changed_at := null;
    return new;
  end if;
  v_old := to_jsonb(old);
  v_new := to_jsonb(new);
  new.calendar_sequence := old.calendar_sequence;
  foreach v_column in array tg_argv loop
    if v_old -> v_column is distinct from v_new -> v_column then
      new.calendar_sequence := old.calendar_sequence + 1;
      new.calendar_changed_at := now();
      exit;
    end if;
  end loop;
  return new;
end
$$;
comment on function private.track_calendar_sequence() is
  'Trigger: raises calendar_sequence when one of the columns named in its arguments changes.';
revoke execute on function private.track_calendar_sequence() from public;
