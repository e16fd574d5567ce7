create or replace function private.may_see_credits(p_owner_type text, p_owner_id uuid)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    private.may_manage_credits(p_owner_type, p_owner_id) or private.has_role((select auth.uid()), 'admin'), false
  );
end;
comment on function private.may_see_credits(text, uuid) is
  'Whether the caller may see what became of these credits: who manages them, and admins, who are the support.';
revoke execute on function private.may_see_credits(text, uuid) from public;
