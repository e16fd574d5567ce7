create or replace function private.create_profile(
  p_user_id uuid, p_email text, p_user_metadata jsonb, p_is_disabled boolean, p_source text
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_name text := private.profile_name(p_user_metadata, p_email);
begin
  begin
    insert into public.profiles (id, name, username, email, is_disabled)
    values (p_user_id, v_name, private.username_for(p_user_id, p_email), p_email, p_is_disabled)
    on conflict (id) do nothing;
    return;
  exception
    when others then
      perform private.record_trigger_failure(p_source, p_user_id, sqlstate, sqlerrm);
  end;

  -- Without a profile the user can do nothing: make what can be made, reconcile completes it.
  begin
    insert into public.profiles (id, name, is_disabled)
    values (p_user_id, v_name, p_is_disabled)
    on conflict (id) do nothing;
  exception
    when others then
      perform private.record_trigger_failure(p_source, p_user_id, sqlstate, sqlerrm);
  end;
end
$$;
comment on function private.create_profile(uuid, text, jsonb, boolean, text) is
  'Makes the profile of a user; on failure records it and makes one of id and name. Never raises.';
revoke execute on function private.create_profile(uuid, text, jsonb, boolean, text) from public;
