create or replace function public.is_email_in_use(p_email text, p_except uuid)
returns boolean
language sql
stable
security definer -- service_role may not read auth.users
set search_path = ''
as $$
  select private.is_address_taken(p_email, p_except);
$$;
comment on function public.is_email_in_use(text, uuid) is
  'private.is_address_taken, for the functions: Auth does not say so of a race that it lost.';
revoke execute on function public.is_email_in_use(text, uuid) from public, anon, authenticated, service_role;
grant execute on function public.is_email_in_use(text, uuid) to service_role;
