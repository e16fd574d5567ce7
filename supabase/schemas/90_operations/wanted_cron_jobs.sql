create or replace function private.wanted_cron_jobs()
returns table (name text, schedule text, command text, late_after interval)
language sql
stable
set search_path = ''
begin atomic
  select w.name, w.schedule, w.command,
    case w.schedule
      when '* * * * *' then interval '5 minutes'
      when '*/15 * * * *' then interval '45 minutes'
      else interval '26 hours'
    end
  from (
    values
      ('calcom-webhook-logs', '40 3 * * *', 'select public.cleanup_old_webhook_logs()'),
      ('calendar-bodies', '30 3 * * *', 'select private.forget_calendar_bodies()'),
      ('cohort-reminders', '*/15 * * * *', 'select public.send_cohort_session_reminders()'),
      ('credit-expiry-notices', '0 7 * * *', 'select public.send_credit_expiry_notices()'),
      ('credit-maintenance', '10 0 * * *', 'select public.run_credit_maintenance(p_trigger => ''cron'')'),
      ('cron-run-details', '50 3 * * *', 'select private.forget_cron_runs()'),
      ('forget-sent-emails', '20 3 * * *',
        'delete from public.email_queue where status in (''sent'', ''suppressed'') and created_at < now() - interval ''90 days'''),
      ('lift-lapsed-bans', '* * * * *', 'select private.lift_lapsed_bans()'),
      ('low-credit-notices', '*/15 * * * *', 'select public.send_low_credit_notices()'),
      ('operations-audits', '30 0 * * *', 'select public.record_operations_audits()'),
      ('org-seat-limits', '0 6 * * *', 'select public.check_org_seat_limits()'),
      ('process-email-queue', '* * * * *', 'select private.send_due_emails()'),
      ('rows-before-repair', '50 3 * * *', 'select private.forget_rows_before_repair()'),
      ('stripe-payload-deletion', '40 3 * * *', 'select private.delete_stripe_payloads()'),
      ('waitlist-offers', '*/15 * * * *', 'select public.offer_waitlist_places()')
  ) as w (name, schedule, command)
  where w.name <> 'process-email-queue' -- which is scheduled where pg_net can be had
    or exists (select from pg_catalog.pg_available_extensions e where e.name = 'pg_net');
end;
comment on function private.wanted_cron_jobs() is
  'The jobs that the migrations schedule, and after how long without a run each is late.';
revoke execute on function private.wanted_cron_jobs() from public;

create or replace function private.restore_cron_jobs()
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.unschedule_job(w.name), private.schedule_job(w.name, w.schedule, w.command)
  from private.wanted_cron_jobs() w;
end
$$;
comment on function private.restore_cron_jobs() is
  'Schedules every job of the migrations anew, whatever became of it.';
revoke execute on function private.restore_cron_jobs() from public;

-- The jobs themselves, where pg_cron can be had.
select private.restore_cron_jobs();
