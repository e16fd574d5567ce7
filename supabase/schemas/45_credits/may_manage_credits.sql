create or replace function private.may_manage_credits(p_owner_type text, p_owner_id uuid)
returns boolean
language plpgsql -- which keeps its plans: every spend asks
stable
set search_path = ''
as $$
begin
  return case
    -- set by the Data API, and by security definer functions left alone: the service role, cron, the owner
    when current_setting('role') not in ('anon', 'authenticated') then true
    when p_owner_type = 'user' then p_owner_id = auth.uid()
    else private.is_org_admin_or_manager(auth.uid(), p_owner_id)
  end;
end
$$;
comment on function private.may_manage_credits(text, uuid) is
  'Whether the caller may see and spend these credits: their own, or an organisation''s that they manage.';
revoke execute on function private.may_manage_credits(text, uuid) from public;
