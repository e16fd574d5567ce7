create or replace function private.is_reserved_action(p_action_type text)
returns boolean
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(lower(btrim(p_action_type)) in ('enrollment', 'enrolment'), false);
end;
comment on function private.is_reserved_action(text) is
  'Whether an action type says what the platform itself did: whoever spends credits cannot claim it.';
revoke execute on function private.is_reserved_action(text) from public;

create or replace function private.consume_credits_fifo(
  p_owner_type text, p_owner_id uuid, p_amount integer, p_feature_key text, p_action_type text,
  p_action_reference_id text, p_description text, p_idempotency_key text
)
returns public.credit_spend_result
language plpgsql
security definer -- as private.spend_credits, which it guards
set search_path = ''
as $$
declare
  v_owner_id uuid := coalesce(p_owner_id, case p_owner_type when 'user' then auth.uid() end);
  v_result public.credit_spend_result;
begin
  if v_owner_id is null or p_owner_type not in ('user', 'org') or (
    current_setting('role') in ('anon', 'authenticated') -- whom a function need not be asked about otherwise
    and private.may_manage_credits(p_owner_type, v_owner_id) is not true
  ) then
    v_result.success := false;
    v_result.code := 'not_allowed';
    v_result.error := 'These credits are not yours to spend';
    v_result.requested := p_amount;
    v_result.consumed := 0;
    return v_result;
  end if;
  if private.is_reserved_action(p_action_type) then
    v_result.success := false;
    v_result.code := 'reserved_action';
    v_result.error := 'Only the platform itself spends credits on this';
    v_result.requested := p_amount;
    v_result.consumed := 0;
    return v_result;
  end if;
  return private.spend_credits(
    p_owner_type, v_owner_id, p_amount, p_feature_key, p_action_type, p_action_reference_id,
    p_description, p_idempotency_key
  );
end
$$;
comment on function private.consume_credits_fifo(text, uuid, integer, text, text, text, text, text) is
  'Spends credits of the caller, of an organisation that the caller manages, or, for the service role, of '
  'anybody.';
revoke execute on function private.consume_credits_fifo(text, uuid, integer, text, text, text, text, text)
  from public;
grant execute on function private.consume_credits_fifo(text, uuid, integer, text, text, text, text, text)
  to authenticated, service_role;

create or replace function public.consume_credits_fifo(
  p_owner_type text default 'user',
  p_owner_id uuid default null,
  p_amount integer default 1,
  p_feature_key text default null,
  p_action_type text default null,
  p_action_reference_id text default null,
  p_description text default null,
  p_idempotency_key text default null
)
returns public.credit_spend_result
language plpgsql -- which keeps its plans
set search_path = ''
as $$
begin
  return private.consume_credits_fifo(
    p_owner_type, p_owner_id, p_amount, p_feature_key, p_action_type, p_action_reference_id,
    p_description, p_idempotency_key
  );
end
$$;
comment on function public.consume_credits_fifo(text, uuid, integer, text, text, text, text, text) is
  'Spends credits, all or nothing: the caller''s own (p_owner_id null), an organisation''s that the caller '
  'manages, or, for the service role, anybody''s.';
revoke execute on function public.consume_credits_fifo(text, uuid, integer, text, text, text, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.consume_credits_fifo(text, uuid, integer, text, text, text, text, text)
  to authenticated, service_role;
