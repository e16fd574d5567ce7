-- Visitors have no address here: all of them share one budget, and those who try codes that begin alike another,
-- under ids that are nobody's. Whoever signs in has a budget of their own, so that a flood of wrong codes by
-- visitors keeps nobody with an account from a code that is right.
create or replace function private.begin_code_attempt(p_code text, p_now timestamptz)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_user_id constant uuid := auth.uid();
  v_nobody constant uuid := '00000000-0000-0000-0000-000000000000'::uuid;
  v_beginning constant uuid := pg_catalog.md5(upper(left(btrim(p_code), 6)))::uuid;
begin
  if v_user_id is not null then
    return private.take_attempt('code', v_user_id, '{20,60}', '{10 minutes,1 day}', p_now) is null;
  end if;
  delete from private.attempts a
  where a.action = 'code_beginning' and a.occurred_at <= p_now - interval '1 hour';
  return private.take_attempt('code', v_nobody, '{60,600}', '{10 minutes,1 day}', p_now) is null
    and private.take_attempt('code_beginning', v_beginning, '{20}', '{1 hour}', p_now) is null;
end
$$;
comment on function private.begin_code_attempt(text, timestamptz) is
  'Takes one attempt at a code: false when the caller has none left. Right codes give it back.';
revoke execute on function private.begin_code_attempt(text, timestamptz) from public;

create or replace function private.give_back_code_attempt(p_code text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_user_id constant uuid := coalesce(auth.uid(), '00000000-0000-0000-0000-000000000000');
  v_beginning constant uuid := pg_catalog.md5(upper(left(btrim(p_code), 6)))::uuid;
begin
  -- begin_code_attempt holds the lock on both: the newest is the one that it took
  delete from private.attempts a
  where a.id in (
    select max(taken.id) from private.attempts taken
    where (taken.action, taken.user_id) = ('code', v_user_id)
      or (auth.uid() is null and (taken.action, taken.user_id) = ('code_beginning', v_beginning))
    group by taken.action
  );
end
$$;
comment on function private.give_back_code_attempt(text) is
  'Gives the attempt back that private.begin_code_attempt took in this transaction: the code was right.';
revoke execute on function private.give_back_code_attempt(text) from public;
