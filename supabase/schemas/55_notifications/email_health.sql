create or replace view public.email_health with (security_invoker = true) as
select
  waiting.mails as waiting,
  waiting.oldest_due,
  (select count(*) from public.email_queue q where q.status = 'dead') as dead,
  (select count(*) from public.email_queue q where q.status = 'sent' and q.error_message is not null)
    as sent_with_missing_values,
  (select max(q.sent_at) from public.email_queue q) as last_sent_at
from (
  select count(*) as mails, min(q.created_at) filter (where q.scheduled_for <= now()) as oldest_due
  from public.email_queue q
  where q.status in ('pending', 'sending')
) waiting;
comment on view public.email_health is
  'The outbox at a glance. oldest_due more than some minutes ago: nobody sends. dead: see error_message in '
  'email_queue; setting such a row to pending, attempts 0, sends it again.';
revoke all on table public.email_health from public, anon, authenticated, service_role;
grant select on table public.email_health to authenticated, service_role;
