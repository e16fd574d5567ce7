-- A caller of the Data API can make the transaction fail once the function has answered, in a way that depends on the
-- answer (a cast in `select`, a filter with a single row), and so undo the attempt that was counted. What a sequence
-- has given out is not undone: what it has given out and nobody kept are attempts that were undone.
create sequence private.code_attempts_begun;
revoke all on sequence private.code_attempts_begun from public, anon, authenticated, service_role;

create table private.code_attempts_kept (
  is_only_row boolean primary key default true check (is_only_row),
  kept bigint not null default 0,
  undone bigint not null default 0,
  undone_at timestamptz not null default now()
);
comment on table private.code_attempts_kept is
  'One row: how many of private.code_attempts_begun were kept, and how many were undone when a day began. Its lock lets '
  'one attempt begin at a time, so that none under way counts as undone.';

create table private.code_attempt_marks (
  user_id uuid primary key,
  undone bigint not null
);
comment on table private.code_attempt_marks is
  'How many attempts at codes had been undone, by whomever, when the user was last refused for it. Visitors are nobody, as in '
  'private.attempts.';

alter table private.code_attempts_kept enable row level security;
alter table private.code_attempt_marks enable row level security;
revoke all on table private.code_attempts_kept from public, anon, authenticated, service_role;
revoke all on table private.code_attempt_marks from public, anon, authenticated, service_role;

create or replace function private.is_code_attempt_kept(p_user_id uuid, p_now timestamptz)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_all private.code_attempts_kept;
  v_undone bigint;
begin
  select * into strict v_all from private.code_attempts_kept for update;
  select case when is_called then last_value else 0 end - v_all.kept into v_undone from private.code_attempts_begun;

  if v_all.undone_at <= p_now - interval '1 day' then
    update private.code_attempts_kept set undone = v_undone, undone_at = p_now;
    delete from private.code_attempt_marks;
    v_all.undone := v_undone;
  end if;
  if v_undone - greatest(
      v_all.undone, (select m.undone from private.code_attempt_marks m where m.user_id = p_user_id)
    ) >= 5
  then
    insert into private.code_attempt_marks (user_id, undone) values (p_user_id, v_undone)
    on conflict (user_id) do update set undone = excluded.undone;
    return false;
  end if;

  perform nextval('private.code_attempts_begun');
  update private.code_attempts_kept set kept = kept + 1;
  return true;
end
$$;
comment on function private.is_code_attempt_kept(uuid, timestamptz) is
  'Whether the user may go on with an attempt at a code: false once five have been undone since the user''s mark, or since '
  'the day began. The refusal makes the mark, and does so only where it is not undone; so five undone guesses cost one '
  'that counts.';
revoke execute on function private.is_code_attempt_kept(uuid, timestamptz) from public;

-- Visitors have no address here: all of them share one budget, and those who try codes that begin alike another,
-- under ids that are nobody's. Whoever signs in has a budget of their own, so that a flood of wrong codes by
-- visitors keeps nobody with an account from a code that is right; where attempts were undone it is right at the second try.
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
    return private.take_attempt('code', v_user_id, '{20,60}', '{10 minutes,1 day}', p_now) is null
      and private.is_code_attempt_kept(v_user_id, p_now);
  end if;
  delete from private.attempts a
  where a.action = 'code_beginning' and a.occurred_at <= p_now - interval '1 hour';
  return private.take_attempt('code', v_nobody, '{60,600}', '{10 minutes,1 day}', p_now) is null
    and private.take_attempt('code_beginning', v_beginning, '{20}', '{1 hour}', p_now) is null
    and private.is_code_attempt_kept(v_nobody, p_now);
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
