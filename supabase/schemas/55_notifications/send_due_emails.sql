create or replace function private.send_due_emails(p_now timestamptz default now())
returns bigint
language plpgsql
set search_path = ''
as $$
begin
  if not exists (
    select from public.email_queue q
    where q.status in ('pending', 'sending') and q.scheduled_for <= p_now
  ) then
    return null;
  end if;
  return private.invoke_function('process-email-queue');
end
$$;
comment on function private.send_due_emails(timestamptz) is
  'Calls process-email-queue when a mail is due. Null when none is.';
revoke execute on function private.send_due_emails(timestamptz) from public;
