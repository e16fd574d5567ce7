create or replace function private.invoke_function(p_name text, p_timeout_ms integer default 60000)
returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_url text;
  v_key text;
  v_request_id bigint;
begin
  -- Both are Supabase's extensions: by name, since a bare PostgreSQL has neither.
  execute format($sql$
    select
      max(decrypted_secret) filter (where name = 'supabase_url'),
      max(decrypted_secret) filter (where name = 'supabase_secret_key')
    from %I.decrypted_secrets
    where name in ('supabase_url', 'supabase_secret_key')
  $sql$, 'vault') into v_url, v_key;
  if v_url is null or v_key is null then
    raise exception 'Vault lacks supabase_url or supabase_secret_key: % cannot be called', p_name
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  execute format(
    $sql$select %I.http_post(url := $1, body := '{}'::jsonb, headers := $2, timeout_milliseconds := $3)$sql$,
    'net'
  )
  into v_request_id
  using
    rtrim(v_url, '/') || '/functions/v1/' || p_name,
    jsonb_build_object('Content-Type', 'application/json', 'apikey', v_key),
    p_timeout_ms;
  return v_request_id;
end
$$;
comment on function private.invoke_function(text, integer) is
  'Posts to an edge function with the secret key, by pg_net. URL and key are the Vault''s supabase_url and '
  'supabase_secret_key. Raises 55000 where one is missing. Returns pg_net''s request id.';
revoke execute on function private.invoke_function(text, integer) from public;
