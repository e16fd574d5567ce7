create type public.credit_correction_result as (
  success boolean,
  code text, -- null | unknown_batch | invalid_amount | reason_missing | exceeds_batch | batch_expired
             -- | idempotency_conflict
  error text,
  batch_id uuid,
  corrected integer, -- by this correction; 0 when it is a repetition
  remaining integer -- in the batch, after it
);
comment on type public.credit_correction_result is 'What correct_credits answers.';

create or replace function private.correct_credits(
  p_batch_id uuid, p_amount integer, p_reason text, p_idempotency_key text
)
returns public.credit_correction_result
language plpgsql
security definer -- writes the ledger
set search_path = ''
as $$
declare
  v_result public.credit_correction_result;
  v_batch public.credit_batches;
  v_known public.credit_ledger;
  v_reason constant text := nullif(regexp_replace(p_reason, '^\s+|\s+$', '', 'g'), '');
  v_cause constant text := 'correction: ' || v_reason;
  v_key text;
  v_room bigint; -- for what comes back
begin
  if current_setting('role') in ('anon', 'authenticated') and not private.has_role(auth.uid(), 'admin') then
    raise exception 'credits are corrected by admins' using errcode = 'insufficient_privilege';
  end if;
  v_result.success := false;
  v_result.batch_id := p_batch_id;
  v_result.corrected := 0;

  select * into v_batch from public.credit_batches where id = p_batch_id;
  if not found then
    v_result.code := 'unknown_batch';
    v_result.error := 'There are no such credits';
    return v_result;
  end if;
  if coalesce(p_amount, 0) = 0 then
    v_result.code := 'invalid_amount';
    v_result.error := 'The amount must be more or less than nothing';
    return v_result;
  end if;
  if v_reason is null or char_length(v_reason) > 1000 then
    v_result.code := 'reason_missing';
    v_result.error := 'Say why, in up to 1,000 characters';
    return v_result;
  end if;

  perform private.lock_credit_owner(v_batch.owner_type, v_batch.owner_id);
  select * into v_batch from public.credit_batches where id = p_batch_id for update;
  v_result.remaining := v_batch.remaining_amount;

  -- Without a key the words are the key: the same correction for the same reason is made once.
  v_key := 'correction:' || p_batch_id || ':' || coalesce('key:' || p_idempotency_key, p_amount || ':' || md5(v_reason));
  select * into v_known from public.credit_ledger where idempotency_key = v_key;
  if found then
    v_result.success := (v_known.amount, v_known.cause) = (p_amount, v_cause);
    if not v_result.success then
      v_result.code := 'idempotency_conflict';
      v_result.error := 'This key stands for another correction';
    end if;
    return v_result;
  end if;

  select coalesce(-sum(l.amount), 0) into v_room
  from public.credit_ledger l
  -- what a payment that failed has taken, the next one may bring back
  where l.batch_id = p_batch_id and l.entry_type in ('spend', 'refund', 'expiry', 'rollover_out', 'correction');
  if v_batch.remaining_amount + p_amount::bigint < 0 or p_amount > v_room then
    v_result.code := 'exceeds_batch';
    v_result.error := 'No more can be taken than is left, nor given back than went';
    return v_result;
  end if;
  if p_amount > 0 and v_batch.expires_at <= now() then
    v_result.code := 'batch_expired';
    v_result.error := 'These credits have lapsed';
    return v_result;
  end if;

  insert into public.credit_ledger (
    batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key
  )
  values (
    p_batch_id, v_batch.owner_type, v_batch.owner_id, 'correction', p_amount, v_batch.remaining_amount + p_amount,
    v_cause, v_key
  );
  perform private.audit(
    auth.uid(), 'credits.correct', case v_batch.owner_type when 'user' then v_batch.owner_id end, 'done',
    jsonb_build_object(
      'batch_id', p_batch_id, 'owner_type', v_batch.owner_type, 'owner_id', v_batch.owner_id, 'amount', p_amount,
      'reason', v_reason
    )
  );
  v_result.success := true;
  v_result.corrected := p_amount;
  v_result.remaining := v_batch.remaining_amount + p_amount;
  return v_result;
end
$$;
comment on function private.correct_credits(uuid, integer, text, text) is 'See public.correct_credits.';
revoke execute on function private.correct_credits(uuid, integer, text, text) from public;
grant execute on function private.correct_credits(uuid, integer, text, text) to authenticated, service_role;

create or replace function public.correct_credits(
  p_batch_id uuid, p_amount integer, p_reason text, p_idempotency_key text default null
)
returns public.credit_correction_result
language sql
set search_path = ''
begin atomic
  select private.correct_credits(p_batch_id, p_amount, p_reason, p_idempotency_key);
end;
comment on function public.correct_credits(uuid, integer, text, text) is
  'ClientCreditAudit: an admin gives credits of a batch back or takes them, as an entry of the ledger and a line of '
  'admin_audit_logs. The same amount for the same reason is corrected once; p_idempotency_key tells another apart.';
revoke execute on function public.correct_credits(uuid, integer, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.correct_credits(uuid, integer, text, text) to authenticated, service_role;
