create or replace function private.assign_stripe_owner(
  p_id text, p_owner_type text, p_owner_id uuid, p_note text
)
returns public.stripe_event_result
language plpgsql
security definer -- as apply_stripe_event
set search_path = ''
as $$
declare
  v_outcome text;
  v_subscription_id text;
begin
  perform private.require_stripe_operator();
  if nullif(btrim(p_note), '') is null or char_length(p_note) > 2000 then
    return row('refused', 'note_missing', null, null)::public.stripe_event_result;
  end if;
  perform private.lock_stripe();
  select coalesce(
    (select s.id from public.stripe_subscriptions s where s.id = p_id),
    (select c.subscription_id from public.stripe_checkouts c where c.id = p_id)
  ) into v_subscription_id;
  if v_subscription_id is null and not exists (select from public.stripe_checkouts c where c.id = p_id) then
    return row('refused', 'unknown_event', null, null)::public.stripe_event_result;
  elsif (
    case p_owner_type
      when 'user' then exists (select from public.profiles p where p.id = p_owner_id)
      when 'org' then exists (select from public.organizations o where o.id = p_owner_id)
    end
  ) is not true then
    return row('refused', 'unknown_owner', null, null)::public.stripe_event_result;
  end if;

  insert into public.stripe_owners as o (stripe_id, user_id, organization_id, note, assigned_by)
  values (
    coalesce(v_subscription_id, p_id), case p_owner_type when 'user' then p_owner_id end,
    case p_owner_type when 'org' then p_owner_id end, btrim(p_note), auth.uid()
  )
  on conflict (stripe_id) do update
  set user_id = excluded.user_id, organization_id = excluded.organization_id, note = excluded.note,
    assigned_by = excluded.assigned_by, assigned_at = now();
  perform private.audit(
    auth.uid(), 'stripe.assign', case p_owner_type when 'user' then p_owner_id end, 'done',
    jsonb_build_object('subject', p_id, 'owner_type', p_owner_type, 'owner_id', p_owner_id, 'note', btrim(p_note))
  );
  v_outcome := case
    when v_subscription_id is not null then private.settle_stripe_subscription(v_subscription_id, now())
    else private.settle_purchase(p_id, now())
  end;
  if private.is_unmatched(v_outcome) then
    return row('unmatched', v_outcome, null, null)::public.stripe_event_result;
  end if;
  perform private.settle_stripe_events(array[coalesce(v_subscription_id, p_id)]);
  return row('applied', v_outcome, null, null)::public.stripe_event_result;
end
$$;
comment on function private.assign_stripe_owner(text, text, uuid, text) is 'See public.assign_stripe_owner.';
revoke execute on function private.assign_stripe_owner(text, text, uuid, text) from public;
grant execute on function private.assign_stripe_owner(text, text, uuid, text) to authenticated, service_role;

create or replace function public.assign_stripe_owner(
  p_id text, p_owner_type text, p_owner_id uuid, p_note text
)
returns public.stripe_event_result
language sql
set search_path = ''
begin atomic
  select private.assign_stripe_owner(p_id, p_owner_type, p_owner_id, p_note);
end;
comment on function public.assign_stripe_owner(text, text, uuid, text) is
  'Says whose a subscription or a checkout is (user, org), once the person has confirmed it, and gives what it pays '
  'for. For admins and the server.';
revoke execute on function public.assign_stripe_owner(text, text, uuid, text)
  from public, anon, authenticated, service_role;
grant execute on function public.assign_stripe_owner(text, text, uuid, text) to authenticated, service_role;
