create or replace function private.note_freed_place()
returns trigger
language plpgsql
security definer -- users may not write offers
set search_path = ''
as $$
declare
  v_old constant jsonb := to_jsonb(old);
  v_cohort_id constant uuid := private.uuid_or_null(v_old ->> case tg_table_name
    when 'program_cohorts' then 'id' else 'cohort_id'
  end);
begin
  perform private.offer_places(v_cohort_id, now());
  return null;
exception
  when others then -- an offer never undoes what made the place free
    perform private.record_trigger_failure('note_freed_place', v_cohort_id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function private.note_freed_place() is
  'Trigger: offers a place of a cohort that came free to the first on the waitlist.';
revoke execute on function private.note_freed_place() from public;
