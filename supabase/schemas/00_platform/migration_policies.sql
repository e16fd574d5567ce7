-- The guard of migrations that make policies: whoever makes or drops one as hosted Supabase's postgres locks every
-- table of auth, so a file that finds its policies as they are has to leave them alone.

create or replace function private.policies_are(p_tables text[], p_count integer)
returns boolean
language sql
stable
set search_path = ''
as $$
  select count(*) = p_count
    and bool_and(p.policyname in ('select', 'insert', 'update', 'delete', 'all'))
  from pg_catalog.pg_policies p
  where p.schemaname = 'public' and p.tablename = any (p_tables)
$$;
comment on function private.policies_are(text[], integer) is
  'Whether these tables of public have just so many policies, all named as ours are: after the operation.';
revoke execute on function private.policies_are(text[], integer) from public;

create or replace function private.policy_is(p_table text, p_policy text, p_digest text)
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select from pg_catalog.pg_policies p
    where format('%I.%I', p.schemaname, p.tablename) = p_table and p.policyname = p_policy
      and pg_catalog.md5(concat_ws(e'\n', p.permissive, p.cmd, p.roles::text, p.qual, p.with_check)) = p_digest
  )
$$;
comment on function private.policy_is(text, text, text) is
  'Whether a policy is there and is the one whose md5 over what pg_policies prints this is.';
revoke execute on function private.policy_is(text, text, text) from public;

create or replace function private.drop_policies(variadic p_tables text[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_policy record;
begin
  for v_policy in
    select p.tablename, p.policyname from pg_catalog.pg_policies p
    where p.schemaname = 'public' and p.tablename = any (p_tables)
  loop
    execute format('drop policy %I on public.%I', v_policy.policyname, v_policy.tablename);
  end loop;
end
$$;
comment on function private.drop_policies(text[]) is
  'Drops every policy of these tables in public, production''s of unknown names too, before a migration '
  'makes them anew.';
revoke execute on function private.drop_policies(text[]) from public;
