create or replace function private.email_backoff(p_attempts integer)
returns interval
language sql
immutable
set search_path = ''
begin atomic
  -- within the 24 hours for which the provider remembers an Idempotency-Key
  select (array['1 minute', '5 minutes', '30 minutes', '2 hours'])[least(greatest(p_attempts, 1), 4)]::interval;
end;
comment on function private.email_backoff(integer) is 'How long to wait after so many failed attempts.';
revoke execute on function private.email_backoff(integer) from public;

create or replace function public.settle_emails(p_results jsonb, p_now timestamptz default now())
returns integer
language plpgsql
security definer -- deletes from private.email_secrets
set search_path = ''
as $$
declare
  v_settled integer;
begin
  with result as (
    select r.id, r.outcome, r.provider_id, r.reason, r.retry_after
    from jsonb_to_recordset(p_results)
      as r (id uuid, outcome text, provider_id text, reason text, retry_after integer)
  ),
  settled as (
    update public.email_queue q
    set
      status = case
        when r.outcome in ('sent', 'dead') then r.outcome
        when r.outcome = 'retry' and q.attempts >= coalesce(q.max_attempts, 5) then 'dead'
        else 'pending'
      end,
      attempts = q.attempts - (r.outcome = 'released')::integer,
      sent_at = case when r.outcome = 'sent' then p_now else q.sent_at end,
      provider_id = coalesce(r.provider_id, q.provider_id),
      error_message = r.reason,
      scheduled_for = case r.outcome
        when 'retry' then p_now + greatest(
          private.email_backoff(q.attempts), make_interval(secs => coalesce(r.retry_after, 0))
        )
        when 'released' then p_now + make_interval(secs => coalesce(r.retry_after, 0))
        else q.scheduled_for
      end
    from result r
    where q.id = r.id and q.status = 'sending'
    returning q.id, q.notification_id, q.status, q.error_message
  ),
  forgotten as (
    delete from private.email_secrets s
    using settled
    where s.email_id = settled.id and settled.status in ('sent', 'dead')
  ),
  noted as (
    update public.notifications n
    set
      email_sent = settled.status = 'sent',
      email_sent_at = case when settled.status = 'sent' then p_now end,
      email_error = case when settled.status = 'dead' then settled.error_message end
    from settled
    where n.id = settled.notification_id and settled.status in ('sent', 'dead')
  )
  select count(*) into v_settled from settled;
  return v_settled;
end
$$;
comment on function public.settle_emails(jsonb, timestamptz) is
  'What became of claimed mails: [{ id, outcome: sent | retry | dead | released, provider_id, reason, '
  'retry_after (seconds) }]. A retry waits 1, 5, 30, then 120 minutes and is dead after max_attempts; a '
  'released mail has not been tried. Returns how many were settled; a settled one stays.';
revoke execute on function public.settle_emails(jsonb, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.settle_emails(jsonb, timestamptz) to service_role;
