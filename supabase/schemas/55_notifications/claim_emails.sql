create or replace function public.claim_emails(
  p_limit integer default 50,
  p_claim interval default '5 minutes',
  p_now timestamptz default now()
)
returns table (
  id uuid, recipient_email text, recipient_name text, subject text, html_content text, data jsonb
)
language plpgsql
security definer -- private.email_secrets is nobody's to read
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
  with due as (
    select q.id
    from public.email_queue q
    where q.status in ('pending', 'sending') and coalesce(q.scheduled_for, q.created_at) <= p_now
    order by q.scheduled_for, q.id
    limit p_limit
    for update skip locked
  ),
  judged as (
    select q.id, coalesce(q.attempts, 0) as attempts, t.subject, t.html_content,
      case
        when p.id is not null and not private.is_reachable(p.id) then 'the recipient is disabled or inactive'
      end as suppressed,
      case
        when t.template_key is null then 'no template ' || q.template_key
        when coalesce(q.attempts, 0) >= coalesce(q.max_attempts, 5)
          then coalesce(q.error_message, 'no sender came back')
      end as dead
    from due
    join public.email_queue q on q.id = due.id
    left join public.email_templates t on t.template_key = q.template_key
    left join public.profiles p
      on p.id = q.user_id or (q.user_id is null and lower(p.email) = lower(q.recipient_email))
  ),
  taken as (
    update public.email_queue q
    set
      status = case
        when j.suppressed is not null then 'suppressed' when j.dead is not null then 'dead' else 'sending'
      end,
      error_message = coalesce(j.suppressed, j.dead, q.error_message),
      attempts = j.attempts + (coalesce(j.suppressed, j.dead) is null)::integer,
      last_attempt_at = case when coalesce(j.suppressed, j.dead) is null then p_now else q.last_attempt_at end,
      scheduled_for = case when coalesce(j.suppressed, j.dead) is null then p_now + p_claim else q.scheduled_for end
    from judged j
    where q.id = j.id
    returning q.id, q.status, q.recipient_email, q.recipient_name, q.template_data, j.subject, j.html_content
  ),
  forgotten as (
    delete from private.email_secrets s
    using taken
    where s.email_id = taken.id and taken.status <> 'sending'
  )
  select taken.id, taken.recipient_email, coalesce(taken.recipient_name, ''), taken.subject, taken.html_content,
    coalesce(taken.template_data, '{}') || coalesce(s.data, '{}')
  from taken
  left join private.email_secrets s on s.email_id = taken.id
  where taken.status = 'sending';
end
$$;
comment on function public.claim_emails(integer, interval, timestamptz) is
  'Takes up to p_limit mails that are due, for p_claim: nobody else gets them until then. Each with its '
  'template, which has {{name}} where a value of data goes. Holds back those to disabled people, gives up '
  'those without a template or attempts left.';
revoke execute on function public.claim_emails(integer, interval, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.claim_emails(integer, interval, timestamptz) to service_role;
