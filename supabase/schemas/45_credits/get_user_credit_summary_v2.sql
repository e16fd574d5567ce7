create or replace function public.get_user_credit_summary_v2(p_user_id uuid)
returns public.credit_summary
language sql
stable
set search_path = ''
begin atomic
  select private.credit_summary('user', p_user_id);
end;
comment on function public.get_user_credit_summary_v2(uuid) is 'What a user has to spend.';
revoke execute on function public.get_user_credit_summary_v2(uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.get_user_credit_summary_v2(uuid) to authenticated, service_role;
