create or replace function private.session_news(
  p_before_live boolean, p_before timestamptz, p_live boolean, p_after timestamptz, p_cancelled boolean
)
returns text
language sql
stable
set search_path = ''
begin atomic
  select case
    when p_live and p_after > now() and not p_before_live then 'scheduled'
    when p_live and p_after > now() and p_after <> p_before then 'rescheduled'
    when p_cancelled and p_before_live and p_before > now() then 'cancelled'
  end;
end;
comment on function private.session_news(boolean, timestamptz, boolean, timestamptz, boolean) is
  'What a change of a session is to those it concerns: scheduled, rescheduled, cancelled. Null: nothing, or '
  'of the past.';
revoke execute on function private.session_news(boolean, timestamptz, boolean, timestamptz, boolean)
  from public;
