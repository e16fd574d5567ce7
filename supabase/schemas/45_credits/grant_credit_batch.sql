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
