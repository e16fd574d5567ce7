create or replace function private.grant_credit_batch(
  p_owner_type text,
  p_owner_id uuid,
  p_amount integer,
  p_expires_at timestamptz,
  p_source_type text,
  p_feature_key text default null,
  p_source_reference_id text default null,
  p_description text default null,
  p_idempotency_key text default null,
  p_now timestamptz default now()
)
returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_batch_id uuid;
begin
  -- far from any sum that could overflow
  if p_amount is null or p_amount not between 1 and 100000000 then
    raise exception 'a grant is of 1 to 100,000,000 credits' using errcode = '22023';
  end if;
  if p_expires_at is null or p_expires_at <= p_now then
    raise exception 'a grant expires in the future' using errcode = '22023';
  end if;
  if (
    case p_owner_type
      when 'user' then exists (select from public.profiles where id = p_owner_id)
      when 'org' then exists (select from public.organizations where id = p_owner_id)
    end
  ) is not true then
    raise exception 'nobody is there to own the credits' using errcode = '22023';
  end if;

  insert into public.credit_batches (
    owner_type, owner_id, feature_key, original_amount, remaining_amount, granted_at, expires_at,
    source_type, source_reference_id, description, idempotency_key
  )
  values (
    p_owner_type, p_owner_id, p_feature_key, p_amount, p_amount, p_now, p_expires_at,
    p_source_type, p_source_reference_id, p_description, p_idempotency_key
  )
  on conflict (idempotency_key) do nothing
  returning id into v_batch_id;

  if v_batch_id is null then
    select id into v_batch_id from public.credit_batches
    where idempotency_key = p_idempotency_key
      and (owner_type, owner_id, original_amount, source_type, feature_key, source_reference_id)
        is not distinct from (p_owner_type, p_owner_id, p_amount, p_source_type, p_feature_key, p_source_reference_id);
    if not found then
      raise exception 'this key stands for another grant' using errcode = '22023';
    end if;
    return v_batch_id;
  end if;

  if p_owner_type = 'user' then
    insert into public.user_credit_transactions (
      user_id, transaction_type, amount, balance_after, description, batch_id
    )
    select p_owner_id, 'grant', p_amount, least(sum(b.remaining_amount), 2147483647), p_description, v_batch_id
    from public.credit_batches b
    where b.owner_type = 'user' and b.owner_id = p_owner_id and b.remaining_amount > 0
      and b.expires_at > p_now and (b.feature_key is null or b.feature_key = p_feature_key);
  end if;
  return v_batch_id;
end
$$;
comment on function private.grant_credit_batch(text, uuid, integer, timestamptz, text, text, text, text, text, timestamptz) is
  'Grants credits and returns the batch. With p_idempotency_key a repetition returns the same batch; with '
  'another owner, amount, source, feature or reference under the same key it raises.';
revoke execute on function private.grant_credit_batch(text, uuid, integer, timestamptz, text, text, text, text, text, timestamptz) from public;

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

create or replace function public.grant_credit_batch(
  p_owner_type text,
  p_owner_id uuid,
  p_amount integer,
  p_expires_at timestamptz,
  p_source_type text,
  p_feature_key text default null,
  p_source_reference_id text default null,
  p_description text default null,
  p_idempotency_key text default null
)
returns uuid
language sql
set search_path = ''
begin atomic
  select private.grant_credit_batch_as_admin(
    p_owner_type, p_owner_id, p_amount, p_expires_at, p_source_type, p_feature_key, p_source_reference_id,
    p_description, p_idempotency_key
  );
end;
comment on function public.grant_credit_batch(text, uuid, integer, timestamptz, text, text, text, text, text) is
  'BulkCreditGrantDialog, useCreditBatches: an admin, or the server, grants credits. Returns the batch. A repetition '
  'returns the same one: with p_idempotency_key, which is of these credits'' owner alone when an admin chooses it, or, '
  'without, in the same words by the same admin within ten minutes. An admin''s grant is in admin_audit_logs, with '
  'p_description as the reason.';
revoke execute on function public.grant_credit_batch(text, uuid, integer, timestamptz, text, text, text, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.grant_credit_batch(text, uuid, integer, timestamptz, text, text, text, text, text)
  to authenticated, service_role;
