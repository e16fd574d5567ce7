create or replace function private.tell_of_enrollment_by_staff(p_enrollment_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.tell(
    array[e.client_user_id], 'program_enrolled', 'You are enrolled in ' || program.name,
    format(
      case when e.final_credit_cost > 0
        then '%s enrolled you in %s. It cost %s of your credits.' else '%s enrolled you in %s. It cost you nothing.'
      end,
      staff.name, program.name, e.final_credit_cost
    ),
    '/programs/' || program.slug,
    jsonb_build_object('enrollment_id', e.id, 'credits', e.final_credit_cost),
    'enrolled-by-staff:' || e.id
  )
  from public.client_enrollments e
  join public.programs program on program.id = e.program_id
  join public.profiles staff on staff.id = auth.uid()
  where e.id = p_enrollment_id and e.client_user_id <> staff.id;
exception
  when others then -- a notification never undoes an enrollment
    perform private.record_trigger_failure('tell_of_enrollment_by_staff', p_enrollment_id, sqlstate, sqlerrm);
end
$$;
comment on function private.tell_of_enrollment_by_staff(uuid) is
  'Tells a client who enrolled them, in what, and for how many of their credits.';
revoke execute on function private.tell_of_enrollment_by_staff(uuid) from public;
