create or replace function private.is_own_evaluation(p_snapshot_id uuid, p_progress_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select p_snapshot_id is null or exists (
    select from public.capability_snapshots s
    join public.client_enrollments e on e.client_user_id = s.user_id
    join public.module_progress p on p.enrollment_id = e.id
    where s.id = p_snapshot_id
      and s.evaluator_id = (select auth.uid())
      and p.id = p_progress_id
  )
$$;
comment on function private.is_own_evaluation(uuid, uuid) is
  'Whether the snapshot, if any, is an evaluation by the caller of the client whose progress it is.';
revoke execute on function private.is_own_evaluation(uuid, uuid) from public;
grant execute on function private.is_own_evaluation(uuid, uuid) to authenticated, service_role;
