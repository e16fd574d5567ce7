-- Security invoker for the reason given at private.guard_columns.
create or replace function private.guard_assignment()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user not in ('anon', 'authenticated') then
    return new;
  end if;

  -- The page sends them along. They stay, so that what is written about one client is not moved to another.
  if (new.module_progress_id, new.assignment_type_id)
    is distinct from (old.module_progress_id, old.assignment_type_id)
  then
    raise exception 'an assignment cannot be moved' using errcode = 'insufficient_privilege';
  end if;

  -- By name, since a later production has one more column, scenario_assignment_id.
  if exists (
    select from unnest(array[
      'scoring_snapshot_id', 'scored_by', 'scored_at', 'instructor_notes', 'scenario_assignment_id'
    ]) as name
    where to_jsonb(new) -> name is distinct from to_jsonb(old) -> name
  ) and not private.may_assess(old.module_progress_id) then
    raise exception 'an assignment is scored by staff' using errcode = 'insufficient_privilege';
  end if;

  if new.scoring_snapshot_id is distinct from old.scoring_snapshot_id
    and not private.is_own_evaluation(new.scoring_snapshot_id, old.module_progress_id)
  then
    raise exception 'the evaluation is not yours, or not about this client'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_assignment() is
  'Trigger: an assignment stays with its client and its type, and is scored by staff, with an evaluation '
  'of their own about that client.';
revoke execute on function private.guard_assignment() from public;
