create or replace function private.require_stripe_operator()
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if current_setting('role') in ('anon', 'authenticated') and private.has_role(auth.uid(), 'admin') is not true then
    raise exception 'only admins decide on payments' using errcode = 'insufficient_privilege';
  end if;
end
$$;
comment on function private.require_stripe_operator() is 'Raises 42501 for anybody but admins and the server.';
revoke execute on function private.require_stripe_operator() from public;

create or replace function private.dismiss_stripe_event(p_id text, p_note text)
returns public.stripe_event_result
language plpgsql
security definer -- admins write none of what it ends
set search_path = ''
as $$
declare
  v_row record;
  v_count integer := 0;
begin
  perform private.require_stripe_operator();
  if nullif(btrim(p_note), '') is null or char_length(p_note) > 2000 then
    return row('refused', 'note_missing', null, null)::public.stripe_event_result;
  end if;
  perform private.lock_stripe();

  for v_row in select * from public.stripe_attention a where a.subject = p_id order by a.kind loop
    v_count := v_count + 1;
    insert into public.stripe_dismissals as d (kind, subject, detail, note, dismissed_by)
    values (v_row.kind, v_row.subject, v_row.detail, btrim(p_note), auth.uid())
    on conflict (kind, subject) do update
    set detail = excluded.detail, note = excluded.note, dismissed_by = excluded.dismissed_by, dismissed_at = now();
    case v_row.kind
      when 'unmatched_event' then
        update public.stripe_events set status = 'dismissed' where id = p_id;
      when 'credit_debt' then
        update public.credit_debts set settled_at = now(), note = btrim(p_note) where id = private.uuid_or_null(p_id);
      else null;
    end case;
    perform private.audit(
      auth.uid(), 'stripe.dismiss', case v_row.owner_type when 'user' then v_row.owner_id end, 'done',
      jsonb_build_object('kind', v_row.kind, 'subject', v_row.subject, 'detail', v_row.detail, 'note', btrim(p_note))
    );
  end loop;
  return case
    when v_count = 0 then row('refused', 'unknown_event', null, null)::public.stripe_event_result
    else row('dismissed', 'dismissed', null, null)::public.stripe_event_result
  end;
end
$$;
comment on function private.dismiss_stripe_event(text, text) is 'See public.dismiss_stripe_event.';
revoke execute on function private.dismiss_stripe_event(text, text) from public;
grant execute on function private.dismiss_stripe_event(text, text) to authenticated, service_role;

create or replace function public.dismiss_stripe_event(p_id text, p_note text)
returns public.stripe_event_result
language sql
set search_path = ''
begin atomic
  select private.dismiss_stripe_event(p_id, p_note);
end;
comment on function public.dismiss_stripe_event(text, text) is
  'Ends what stripe_attention shows under a subject, with the reason: the event has no effect, the debt is settled. For '
  'admins and the server.';
revoke execute on function public.dismiss_stripe_event(text, text) from public, anon, authenticated, service_role;
grant execute on function public.dismiss_stripe_event(text, text) to authenticated, service_role;
