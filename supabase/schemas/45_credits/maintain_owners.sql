create or replace function private.set_aside(p_action text, p_owner_type text, p_owner_id uuid, p_reason text)
returns jsonb
language sql
immutable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'action', p_action, 'owner_type', p_owner_type, 'owner_id', p_owner_id, 'reason', p_reason
  );
end;
comment on function private.set_aside(text, text, uuid, text) is
  'An owner that credit maintenance went on without: an element of maintenance_runs.set_aside.';
revoke execute on function private.set_aside(text, text, uuid, text) from public;

create or replace function private.owners_to_maintain(p_action text, p_now timestamptz)
returns uuid[]
language sql
stable
set search_path = ''
as $$
  select coalesce(array_agg(o.id order by o.id), '{}')
  from (
    select s.organization_id as id from public.org_platform_subscriptions s where p_action = 'grant'
    union
    select p.id from public.profiles p where p_action = 'rollover' and p.plan_id is not null
    union
    select b.owner_id from public.credit_batches b
    where p_action in ('rollover', 'expire') and b.expires_at <= p_now and (b.remaining_amount > 0 or not b.is_expired)
  ) o;
$$;
comment on function private.owners_to_maintain(text, timestamptz) is
  'Whose credits a part of credit maintenance may move, in the order of ids.';
revoke execute on function private.owners_to_maintain(text, timestamptz) from public;

create or replace function private.maintain_owners(
  p_action text, p_now timestamptz, p_from uuid, p_to uuid, out result jsonb, out set_aside jsonb
)
language plpgsql
set search_path = ''
as $$
declare
  v_rollover record;
begin
  set_aside := '[]';
  case p_action
    when 'grant' then
      result := private.grant_allowances(p_now, p_from, p_to);
    when 'rollover' then
      select * into v_rollover from private.roll_over_credits(p_now, null, p_from, p_to);
      result := jsonb_build_object(
        'success', true, 'rolloversProcessed', v_rollover.batches_rolled,
        'totalRolledOver', v_rollover.credits_rolled
      );
      set_aside := v_rollover.set_aside;
    when 'expire' then
      select e.result, e.set_aside into result, set_aside from private.expire_credits(p_now, p_from, p_to) e;
  end case;
end
$$;
comment on function private.maintain_owners(text, timestamptz, uuid, uuid) is
  'A part of credit maintenance for all owners, or for those from one id to another.';
revoke execute on function private.maintain_owners(text, timestamptz, uuid, uuid) from public;

create or replace function private.added_up(p_one jsonb, p_other jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select jsonb_object_agg(
    coalesce(a.key, b.key),
    case
      when jsonb_typeof(coalesce(a.value, b.value)) <> 'number' then coalesce(a.value, b.value)
      else to_jsonb(coalesce(a.value, '0')::numeric + coalesce(b.value, '0')::numeric)
    end
  )
  from jsonb_each(coalesce(p_one, '{}')) a
  full join jsonb_each(coalesce(p_other, '{}')) b on b.key = a.key;
$$;
comment on function private.added_up(jsonb, jsonb) is 'What two halves of a run did together.';
revoke execute on function private.added_up(jsonb, jsonb) from public;

create or replace function private.maintain_all_but_failing(
  p_action text, p_now timestamptz, p_owners uuid[] default null, out result jsonb, out set_aside jsonb
)
language plpgsql
set search_path = ''
as $$
declare
  v_owners uuid[] := p_owners;
  v_middle integer;
  v_sqlstate text;
  v_message text;
  v_half record;
  v_part record;
begin
  begin
    select m.result, m.set_aside into result, set_aside
    from private.maintain_owners(p_action, p_now, p_owners[1], p_owners[cardinality(p_owners)]) m;
    return;
  exception
    -- what is no matter of a row: locks, memory, disk, an operator, the code, the server
    when transaction_rollback or insufficient_resources or operator_intervention or system_error or internal_error
      or object_not_in_prerequisite_state or syntax_error_or_access_rule_violation then
      raise;
    when others then
      get stacked diagnostics v_sqlstate = returned_sqlstate, v_message = message_text;
  end;

  -- One owner's row stops nobody else: each half by itself, down to whoever it is.
  if v_owners is null then
    v_owners := private.owners_to_maintain(p_action, p_now);
  end if;
  if cardinality(v_owners) = 0 then
    raise exception using errcode = v_sqlstate, message = v_message;
  end if;
  if cardinality(v_owners) = 1 then
    set_aside := jsonb_build_array(private.set_aside(
      p_action,
      case when exists (select from public.organizations o where o.id = v_owners[1]) then 'org' else 'user' end,
      v_owners[1], v_sqlstate || ': ' || v_message
    ));
    return;
  end if;
  v_middle := cardinality(v_owners) / 2;
  set_aside := '[]';
  for v_half in
    select v_owners[: v_middle] as owners
    union all
    select v_owners[v_middle + 1 :]
  loop
    select * into v_part from private.maintain_all_but_failing(p_action, p_now, v_half.owners);
    result := private.added_up(result, v_part.result);
    set_aside := set_aside || v_part.set_aside;
    if jsonb_array_length(set_aside) > 100 then -- it is not a row that is wrong
      raise exception using errcode = v_sqlstate, message = v_message;
    end if;
  end loop;
end
$$;
comment on function private.maintain_all_but_failing(text, timestamptz, uuid[]) is
  'A part of credit maintenance for everybody whose rows do not make it fail. Those are set aside with the error, '
  'found by halves; with more than 100 of them the part fails.';
revoke execute on function private.maintain_all_but_failing(text, timestamptz, uuid[]) from public;
