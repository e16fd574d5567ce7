create or replace function public.check_program_capacity(p_program_id uuid)
returns public.capacity_result
language sql
stable
set search_path = ''
begin atomic
  select private.program_capacity(p_program_id);
end;
comment on function public.check_program_capacity(uuid) is
  'The places of a program: active enrolments count.';
revoke execute on function public.check_program_capacity(uuid) from public, anon, authenticated, service_role;
grant execute on function public.check_program_capacity(uuid) to authenticated, service_role;
