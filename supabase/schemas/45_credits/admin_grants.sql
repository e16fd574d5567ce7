create or replace function private.repeated_grant(
  p_actor_id uuid, p_owner_type text, p_owner_id uuid, p_amount integer, p_expires_at timestamptz,
  p_source_type text, p_feature_key text, p_source_reference_id text, p_description text
)
returns uuid
language sql
stable
set search_path = ''
as $$
  select b.id
  from public.credit_batches b
  where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.original_amount = p_amount
    and b.remaining_amount > 0 and b.expires_at = p_expires_at and b.granted_at > now() - interval '10 minutes'
    and (b.source_type, b.feature_key, b.source_reference_id, b.description)
      is not distinct from (p_source_type, p_feature_key, p_source_reference_id, p_description)
    and exists (
      select from public.admin_audit_logs a
      where a.actor_id = p_actor_id and a.action = 'credits.grant' and a.created_at > now() - interval '10 minutes'
        and a.details ->> 'batch_id' = b.id::text
        and (a.target_user_id = p_owner_id or (a.target_user_id is null and p_owner_type = 'org'))
    )
  order by b.granted_at, b.id
  limit 1
$$;
comment on function private.repeated_grant(uuid, text, uuid, integer, timestamptz, text, text, text, text) is
  'What the same admin granted in the same words within ten minutes: the button was pressed twice.';
revoke execute on function private.repeated_grant(uuid, text, uuid, integer, timestamptz, text, text, text, text)
  from public;

create or replace function private.grant_credit_batch_as_admin(
  p_owner_type text, p_owner_id uuid, p_amount integer, p_expires_at timestamptz, p_source_type text,
  p_feature_key text, p_source_reference_id text, p_description text, p_idempotency_key text
)
returns uuid
language plpgsql
security definer -- admins too may write neither credit_batches' amounts nor the ledger
set search_path = ''
as $$
declare
  v_actor_id constant uuid := auth.uid();
  v_batch_id uuid;
begin
  if current_setting('role') not in ('anon', 'authenticated') then
    return private.grant_credit_batch(
      p_owner_type, p_owner_id, p_amount, p_expires_at, p_source_type, p_feature_key, p_source_reference_id,
      p_description, p_idempotency_key
    );
  end if;
  if not private.has_role(v_actor_id, 'admin') then
    raise exception 'credits are granted by admins' using errcode = 'insufficient_privilege';
  end if;

  perform private.lock_credit_owner(p_owner_type, p_owner_id);
  if p_idempotency_key is null then
    v_batch_id := private.repeated_grant(
      v_actor_id, p_owner_type, p_owner_id, p_amount, p_expires_at, p_source_type, p_feature_key,
      p_source_reference_id, p_description
    );
    if v_batch_id is not null then
      return v_batch_id;
    end if;
  end if;
  v_batch_id := private.grant_credit_batch(
    p_owner_type, p_owner_id, p_amount, p_expires_at, p_source_type, p_feature_key, p_source_reference_id,
    p_description,
    -- apart from the server's, which nobody may take first
    'admin:' || p_owner_type || ':' || p_owner_id || ':' || p_idempotency_key
  );
  if not exists (
    select from public.admin_audit_logs a
    where a.action = 'credits.grant' and a.details ->> 'batch_id' = v_batch_id::text
      and (a.target_user_id = p_owner_id or (a.target_user_id is null and p_owner_type = 'org'))
  ) then
    perform private.audit(
      v_actor_id, 'credits.grant', case p_owner_type when 'user' then p_owner_id end, 'done',
      jsonb_build_object(
        'batch_id', v_batch_id, 'owner_type', p_owner_type, 'owner_id', p_owner_id, 'amount', p_amount,
        'reason', p_description
      )
    );
  end if;
  return v_batch_id;
end
$$;
comment on function private.grant_credit_batch_as_admin(text, uuid, integer, timestamptz, text, text, text, text, text)
is 'See public.grant_credit_batch.';
revoke execute on function private.grant_credit_batch_as_admin(text, uuid, integer, timestamptz, text, text, text, text, text)
  from public;
grant execute on function private.grant_credit_batch_as_admin(text, uuid, integer, timestamptz, text, text, text, text, text)
  to authenticated, service_role;
