create type public.credit_maintenance_result as (
  outcome text, -- ok | failed | already_running | unknown_action
  run_id bigint,
  results jsonb, -- an object an action, as POST credit-maintenance answers it
  error text,
  set_aside integer -- owners that it went on without
);
comment on type public.credit_maintenance_result is 'What run_credit_maintenance answers.';

create or replace function private.archivable_credits(p_now timestamptz)
returns jsonb
language sql
stable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'success', true, 'archivableBatches', count(*),
    'message', count(*) || ' used up batches are older than 90 days; they are kept'
  )
  from public.credit_batches b
  where b.remaining_amount = 0 and b.created_at < p_now - interval '90 days';
end;
comment on function private.archivable_credits(timestamptz) is
  'How many batches are used up and older than 90 days. Deletes nothing: the ledger refers to them.';
revoke execute on function private.archivable_credits(timestamptz) from public;

create or replace function private.credit_statistics(p_now timestamptz)
returns jsonb
language sql
stable
set search_path = ''
begin atomic
  with live as (
    select b.owner_type, count(*) as batches, sum(b.remaining_amount) as remaining,
      sum(b.original_amount) as original
    from public.credit_batches b
    where b.remaining_amount > 0 and b.expires_at > p_now
    group by b.owner_type
  ),
  owners as (
    select o.owner_type, jsonb_build_object(
        'activeBatches', coalesce(l.batches, 0), 'totalRemaining', coalesce(l.remaining, 0),
        'totalOriginal', coalesce(l.original, 0)
      ) as totals
    from (values ('user'), ('org')) as o (owner_type)
    left join live l on l.owner_type = o.owner_type
  )
  select jsonb_build_object(
    'success', true,
    'users', (select o.totals from owners o where o.owner_type = 'user'),
    'organizations', (select o.totals from owners o where o.owner_type = 'org'),
    -- per cent of what was granted in live batches that has been used
    'utilizationRate', (
      select coalesce(round(100 * (sum(l.original) - sum(l.remaining)) / nullif(sum(l.original), 0), 2), 0)
      from live l
    )
  );
end;
comment on function private.credit_statistics(timestamptz) is 'What is live, of users and of organisations.';
revoke execute on function private.credit_statistics(timestamptz) from public;

create or replace function public.run_credit_maintenance(
  p_actions text[] default array['grant', 'rollover', 'expire', 'cleanup', 'stats'],
  p_now timestamptz default now(),
  p_trigger text default 'sql'
)
returns public.credit_maintenance_result
language plpgsql
security definer -- writes the ledger of every owner
set search_path = ''
set timezone = 'UTC' -- in which months are counted
set work_mem = '16MB'
as $$
declare
  v_result public.credit_maintenance_result;
  v_results jsonb := '{}'::jsonb;
  v_set_aside jsonb := '[]'::jsonb;
  v_action text;
  v_part record;
  v_started_at constant timestamptz := clock_timestamp();
  v_sqlstate text;
  v_message text;
begin
  if (p_actions <@ array['grant', 'rollover', 'expire', 'cleanup', 'stats']) is not true then
    v_result.outcome := 'unknown_action';
    v_result.error := 'Actions are grant, rollover, expire, cleanup and stats';
    return v_result;
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended('credit-maintenance', 0)) then
    v_result.outcome := 'already_running';
    v_result.error := 'Another run is under way';
    return v_result;
  end if;

  -- A block of its own, so that a failing run is undone as a whole and yet recorded.
  begin
    -- In the order of id, as everything that locks batches does; the parts then find theirs locked.
    perform from public.credit_batches b
    where b.expires_at <= p_now and (b.remaining_amount > 0 or not b.is_expired)
      and p_actions && array['rollover', 'expire']
    order by b.id
    for update;

    foreach v_action in array array['grant', 'rollover', 'expire'] loop
      continue when v_action <> all (p_actions);
      select * into v_part from private.maintain_all_but_failing(v_action, p_now);
      v_results := v_results || jsonb_build_object(v_action, v_part.result);
      v_set_aside := v_set_aside || v_part.set_aside;
    end loop;
    if 'cleanup' = any (p_actions) then
      v_results := v_results || jsonb_build_object('cleanup', private.archivable_credits(p_now));
    end if;
    if 'stats' = any (p_actions) then
      v_results := v_results || jsonb_build_object('stats', private.credit_statistics(p_now));
    end if;
    v_result.outcome := 'ok';
    v_result.results := v_results;
    v_result.set_aside := jsonb_array_length(v_set_aside);
  exception
    when others then
      get stacked diagnostics v_sqlstate = returned_sqlstate, v_message = message_text;
      v_result.outcome := 'failed';
      v_set_aside := '[]';
      v_result.error := v_sqlstate || ': ' || v_message;
  end;

  insert into public.maintenance_runs (
    trigger, actions, as_of, started_at, finished_at, results, error, set_aside
  )
  values (
    p_trigger, p_actions, p_now, v_started_at, clock_timestamp(), v_result.results, v_result.error, v_set_aside
  )
  returning id into v_result.run_id;
  return v_result;
end
$$;
comment on function public.run_credit_maintenance(text[], timestamptz, text) is
  'Grants, carries over and expires credits as of p_now: all of it or nothing, but for owners whose rows are wrong, '
  'who are set aside. Recorded in maintenance_runs.';
revoke execute on function public.run_credit_maintenance(text[], timestamptz, text)
  from public, anon, authenticated, service_role;
grant execute on function public.run_credit_maintenance(text[], timestamptz, text) to service_role;
