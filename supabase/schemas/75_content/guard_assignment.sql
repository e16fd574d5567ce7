-- Security invoker for the reason given at private.guard_columns.
create or replace function private.guard_assignment()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_is_filled_in constant boolean :=
    (new.assessor_id, new.responses, new.overall_score, new.overall_comments, new.completed_at, new.is_private)
    is distinct from
    (old.assessor_id, old.responses, old.overall_score, old.overall_comments, old.completed_at, old.is_private);
  v_is_scored constant boolean :=
    (new.scoring_snapshot_id, new.scored_by, new.scored_at, new.instructor_notes)
    is distinct from (old.scoring_snapshot_id, old.scored_by, old.scored_at, old.instructor_notes);
  -- by name, since only a later production has the column
  v_is_linked constant boolean :=
    to_jsonb(new) -> 'scenario_assignment_id' is distinct from to_jsonb(old) -> 'scenario_assignment_id';
  v_is_changed constant boolean :=
    v_is_filled_in or v_is_scored or v_is_linked or new.status is distinct from old.status;
  v_refusal text;
begin
  if current_user not in ('anon', 'authenticated') then
    return new;
  end if;

  v_refusal := case
    -- The page sends them along. They stay, so that what is written about one client is not moved to another.
    when (new.module_progress_id, new.assignment_type_id)
      is distinct from (old.module_progress_id, old.assignment_type_id)
      then 'an assignment cannot be moved'
    when (v_is_scored or v_is_linked) and not private.may_assess(old.module_progress_id)
      then 'an assignment is scored by staff'
    when v_is_changed and old.scored_by <> auth.uid()
      then 'what a colleague has scored is the colleague''s to change'
    -- A form is gone over in the own name, and a colleague's not at all.
    when v_is_filled_in and new.assessor_id is distinct from auth.uid()
      then 'who changes the form signs it'
    when v_is_filled_in and old.assessor_id <> auth.uid() and old.assessor_id is distinct from old.handed_in_by
      then 'what a colleague has filled in is the colleague''s to change'
    when v_is_changed and new.status = 'draft' and old.handed_in_by <> auth.uid()
      then 'what the client fills in is no draft of somebody else'
    when v_is_scored and new.scored_by is distinct from auth.uid()
      then 'who scores signs'
    when new.status is distinct from old.status and auth.uid() not in (new.assessor_id, coalesce(new.scored_by, new.assessor_id))
      then 'who says how far an assignment is signs'
    when new.scoring_snapshot_id is distinct from old.scoring_snapshot_id
      and not private.is_own_evaluation(new.scoring_snapshot_id, old.module_progress_id)
      then 'the evaluation is not yours, or not about this client'
  end;
  if v_refusal is not null then
    raise exception '%', v_refusal using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_assignment() is
  'Trigger: an assignment stays with its client and its type. Who filled in the form, the client or staff who '
  'have gone over it, changes it, and who scored it the scoring, with an evaluation of their own about that '
  'client.';
revoke execute on function private.guard_assignment() from public;
