create or replace function private.keep_who_handed_in()
returns trigger
language plpgsql
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
begin
  select e.client_user_id into new.handed_in_by
  from public.module_progress p
  join public.client_enrollments e on e.id = p.enrollment_id
  where p.id = new.module_progress_id and e.client_user_id = new.assessor_id;
  return new;
end
$$;
comment on function private.keep_who_handed_in() is
  'Trigger on module_assignments: notes the client where the form is the client''s own.';
revoke execute on function private.keep_who_handed_in() from public;
