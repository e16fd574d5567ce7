-- Security invoker for the reason given at private.guard_columns: what the server writes is its own affair.
create or replace function private.guard_meeting_links()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_new constant jsonb := to_jsonb(new);
  v_old constant jsonb := case tg_op when 'UPDATE' then to_jsonb(old) end;
  v_column text;
begin
  if current_user not in ('anon', 'authenticated') or private.is_admin() then
    return new;
  end if;

  select c.name into v_column
  from unnest(tg_argv) as argument
  cross join lateral (select split_part(argument, '=', 1) as name, argument like '%=any' as is_any) c
  where v_new ->> c.name <> ''
    and v_new -> c.name is distinct from v_old -> c.name
    and not case
      when c.is_any then v_new ->> c.name ~* '^https://[^\s<>"]+$'
      when c.name = 'location' then private.has_only_meeting_links(v_new ->> c.name)
      else v_new ->> c.name ~* '^https://\S+$' and private.has_only_meeting_links(v_new ->> c.name)
    end
  limit 1;

  if found then
    raise exception 'the link in "%" is not one that is allowed here', v_column
      using errcode = 'check_violation',
        hint = 'Links are https, and meetings are held with one of the platform''s meeting services.';
  end if;
  return new;
end
$$;
comment on function private.guard_meeting_links() is
  'Trigger: refuses a caller who is no admin and writes a link to anywhere into a column named in its '
  'arguments. A place may be words, and a link in it is held to the same; column=any takes every https link.';
revoke execute on function private.guard_meeting_links() from public;
