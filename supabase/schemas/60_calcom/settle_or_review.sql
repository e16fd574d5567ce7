create or replace function private.settle_or_review(p_lineage_id uuid, p_now timestamptz)
returns private.calcom_settlement
language plpgsql
set search_path = ''
as $$
declare
  v_result private.calcom_settlement;
  v_state text;
  v_message text;
  v_head public.calcom_bookings;
begin
  return private.settle_calcom_lineage(p_lineage_id, p_now);
exception
  when others then
    get stacked diagnostics v_state = returned_sqlstate, v_message = message_text;
    -- connection, transaction (deadlock), resources, not in its state (lock timeout), intervention, system:
    -- these pass, and so the caller is to undo it all. Anything else fails again however often it is sent.
    if left(v_state, 2) in ('08', '25', '40', '53', '55', '57', '58', 'XX') then
      raise;
    end if;
    select h.* into v_head from private.calcom_history(p_lineage_id) h limit 1;
    perform private.open_calcom_review(
      p_lineage_id, v_head, array['refused'], v_state || ' ' || left(v_message, 500)
    );
    v_result.status := 'review';
    v_result.missing := array['refused'];
    return v_result;
end
$$;
comment on function private.settle_or_review(uuid, timestamptz) is
  'Settles a lineage; what the database refuses for good is undone and kept for review. Raises what may '
  'pass.';
revoke execute on function private.settle_or_review(uuid, timestamptz) from public;
