create or replace function private.keep_scoring_draft()
returns trigger
language plpgsql
security definer -- users do not write drafts past the assignment
set search_path = ''
as $$
begin
  if new.status in ('draft', 'submitted') and new.instructor_notes is not null then
    insert into public.scoring_drafts (assignment_id, author_id, instructor_notes)
    values (
      new.id,
      -- scored_by may name somebody who is gone
      (select u.id from auth.users u where u.id = coalesce(auth.uid(), new.scored_by)),
      new.instructor_notes
    )
    on conflict (assignment_id) do update
      set author_id = excluded.author_id,
        instructor_notes = excluded.instructor_notes,
        updated_at = now();
    new.instructor_notes := null;
  elsif (new.scored_at, new.instructor_notes) is distinct from (old.scored_at, old.instructor_notes) then
    -- released, or saved without
    delete from public.scoring_drafts d
    where d.assignment_id = new.id and d.author_id is not distinct from coalesce(auth.uid(), d.author_id);
  end if;
  return new;
end
$$;
comment on function private.keep_scoring_draft() is
  'Trigger on module_assignments: what a scorer notes before the assignment is reviewed is kept in '
  'scoring_drafts, since the row is the client''s to read.';
revoke execute on function private.keep_scoring_draft() from public;
