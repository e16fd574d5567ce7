create or replace function private.tell_each(
  p_user_ids uuid[],
  p_type_key text,
  p_title text,
  p_message text,
  p_link text,
  p_metadata jsonb,
  p_dedupe_key text
)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_user_id uuid;
  v_told integer;
  v_one integer;
begin
  begin
    select count(*) into v_told
    from private.tell(p_user_ids, p_type_key, p_title, p_message, p_link, p_metadata, p_dedupe_key);
    return v_told;
  exception
    when others then
      v_told := 0; -- somebody among them cannot be told: one by one, so that the others are
  end;
  foreach v_user_id in array p_user_ids loop
    begin
      select count(*) into v_one
      from private.tell(array[v_user_id], p_type_key, p_title, p_message, p_link, p_metadata, p_dedupe_key);
      v_told := v_told + v_one;
    exception
      when others then
        perform private.record_trigger_failure(p_type_key, v_user_id, sqlstate, sqlerrm);
    end;
  end loop;
  return v_told;
end
$$;
comment on function private.tell_each(uuid[], text, text, text, text, jsonb, text) is
  'private.tell() where one who cannot be told must not keep it from the others: recorded in '
  'private.trigger_failures. How many notifications were made.';
revoke execute on function private.tell_each(uuid[], text, text, text, text, jsonb, text) from public;
