create table private.trigger_failures (
  id bigint generated always as identity primary key,
  occurred_at timestamptz not null default clock_timestamp(),
  source text not null,
  subject_id uuid,
  sqlstate text not null,
  message text not null
);

comment on table private.trigger_failures is
  'What a trigger could not do, where failing would have undone its cause (a sign-up, an enrolment, a '
  'booking).';
comment on column private.trigger_failures.source is 'The function that failed.';
comment on column private.trigger_failures.subject_id is 'The user or row it was about.';
comment on column private.trigger_failures.message is
  'The error without its DETAIL and with e-mail addresses taken out.';

alter table private.trigger_failures enable row level security;
revoke all on table private.trigger_failures from public, anon, authenticated, service_role;
grant select, delete on table private.trigger_failures to service_role;

create or replace function private.record_trigger_failure(
  p_source text, p_subject_id uuid, p_sqlstate text, p_message text
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_message text := left(regexp_replace(p_message, '[^[:space:]"<>()=]+@[^[:space:]"<>()=]+', '[address]', 'g'), 500);
begin
  raise warning '% failed for %: % %', p_source, p_subject_id, p_sqlstate, v_message;
  insert into private.trigger_failures (source, subject_id, sqlstate, message)
  values (p_source, p_subject_id, p_sqlstate, v_message);
exception
  when others then -- the record of a failure must not become the failure
    raise warning 'could not record the failure of % for %: %', p_source, p_subject_id, sqlstate;
end
$$;
comment on function private.record_trigger_failure(text, uuid, text, text) is
  'Keeps what a trigger could not do in private.trigger_failures. Never raises.';
revoke execute on function private.record_trigger_failure(text, uuid, text, text) from public;
