-- Security invoker for the reason given at private.guard_columns.
create or replace function private.guard_signatures()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_caller constant text := auth.uid();
  v_column text;
begin
  if current_user not in ('anon', 'authenticated') then
    return new;
  end if;

  select name into v_column
  from unnest(tg_argv) as name
  where to_jsonb(new) ->> name is distinct from v_caller
    and case tg_op
      when 'INSERT' then to_jsonb(new) ->> name is not null
      -- one's own may be taken back, and nobody else's
      else to_jsonb(new) ->> name is distinct from to_jsonb(old) ->> name
        and not (to_jsonb(new) ->> name is null and to_jsonb(old) ->> name = v_caller)
    end
  limit 1;

  if found then
    raise exception 'column "%" of % takes nobody''s name but your own', v_column, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_signatures() is
  'Trigger: the columns named in its arguments say who wrote something. A caller, admins too, signs with '
  'the own id or leaves what is there.';
revoke execute on function private.guard_signatures() from public;
