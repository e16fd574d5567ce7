create or replace function public.log_calcom_refusal(p_event_type text, p_reason text, p_keys text[])
returns void
language sql
volatile
set search_path = ''
begin atomic
  insert into public.calcom_webhook_logs (event_type, payload, processed, status, error_message)
  values (
    left(coalesce(p_event_type, 'unknown'), 100),
    jsonb_build_object('keys', coalesce(to_jsonb(p_keys), '[]')),
    false,
    'refused',
    left(p_reason, 500)
  );
end;
comment on function public.log_calcom_refusal(text, text, text[]) is
  'Keeps that a signed body was refused, and why: a custom template, a form. Only the names of its keys are '
  'kept.';
revoke execute on function public.log_calcom_refusal(text, text, text[])
  from public, anon, authenticated, service_role;
grant execute on function public.log_calcom_refusal(text, text, text[]) to service_role;
