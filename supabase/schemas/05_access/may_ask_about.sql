-- Security invoker on purpose, as private.guard_columns: current_user is anon or authenticated where a request asks,
-- by itself or through a policy, and somebody else inside a definer function, which answers for itself.
-- PL/pgSQL, here and in public's helpers, because a visitor may execute no helper but this one, and PL/pgSQL asks
-- for the right to a function only when it comes to it: production's policies ask for visitors too, and must not fail.
create or replace function private.may_ask_about(p_user_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if current_user not in ('anon', 'authenticated') then
    return true;
  end if;
  if auth.uid() is null or current_user = 'anon' then
    return false;
  end if;
  return coalesce(p_user_id = auth.uid(), false) or private.has_role(auth.uid(), 'admin');
end
$$;
comment on function private.may_ask_about(uuid) is
  'Whether the caller may ask the helpers in public about this person: about themselves, and admins and the server '
  'about anybody. Nobody is told about visitors.';
revoke execute on function private.may_ask_about(uuid) from public;
grant execute on function private.may_ask_about(uuid) to anon, authenticated, service_role;
