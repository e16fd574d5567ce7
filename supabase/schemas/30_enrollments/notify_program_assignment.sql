create or replace function public.notify_program_assignment()
returns trigger
language plpgsql
security definer -- users may not write email_queue
set search_path = ''
as $$
begin
  perform private.queue_mail(
    p.email,
    p.name,
    'program_assignment',
    jsonb_build_object(
      'userName', p.name,
      'programName', program.name,
      'programDescription', program.description,
      'timestamp', new.created_at
    ),
    p_dedupe_key => 'program-assignment:' || new.id
  )
  from public.profiles p
  join public.programs program on program.id = new.program_id
  left join public.notification_preferences preferences on preferences.user_id = p.id
  where p.id = new.client_user_id
    and p.email is not null
    and coalesce(preferences.program_assignments, true);
  return null;
exception
  when others then -- mail never undoes an enrolment
    perform private.record_trigger_failure('notify_program_assignment', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function public.notify_program_assignment() is
  'Trigger on client_enrollments: queues the mail program_assignment, in the transaction of the enrolment.';
revoke execute on function public.notify_program_assignment() from public, anon, authenticated, service_role;
grant execute on function public.notify_program_assignment() to service_role;
