create or replace function private.health_of_vault()
returns private.operations_check
language plpgsql
stable
set search_path = ''
as $$
declare
  v_check private.operations_check;
begin
  if to_regclass('vault.secrets') is null then
    v_check.status := 'amber';
    v_check.detail := 'This server has no Vault: the database cannot call process-email-queue.';
    return v_check;
  end if;

  -- By name alone: nothing is decrypted.
  execute format($sql$
    select count(*), string_agg(w.name, ', ' order by w.name)
    from unnest(array['supabase_secret_key', 'supabase_url']) as w (name)
    where not exists (select from %I.secrets s where s.name = w.name) $sql$, 'vault')
  into v_check.number, v_check.subject;
  v_check.status := case when v_check.number = 0 then 'green' else 'red' end;
  v_check.detail := coalesce('The Vault lacks ' || v_check.subject || '.', 'The Vault has URL and key.');
  return v_check;
end
$$;
comment on function private.health_of_vault() is
  'Whether the Vault has the secrets with which the database calls functions. Never reads their values.';
revoke execute on function private.health_of_vault() from public;
