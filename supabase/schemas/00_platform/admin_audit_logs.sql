create table public.admin_audit_logs (
  id uuid primary key default gen_random_uuid(),
  actor_id uuid,
  action text not null,
  target_user_id uuid,
  details jsonb default '{}',
  created_at timestamptz not null default now()
);

comment on table public.admin_audit_logs is
  'Who did what to whose account. Written by private.audit() in the transaction of the act; people named '
  'here may be gone.';
comment on column public.admin_audit_logs.details is
  'outcome: asked (about to call Auth) or done. An asked without a done was refused by Auth or broke off.';

create index admin_audit_logs_target_user_id_created_at_idx
  on public.admin_audit_logs (target_user_id, created_at);

alter table public.admin_audit_logs enable row level security;
revoke all on table public.admin_audit_logs from public, anon, authenticated, service_role;
grant select on table public.admin_audit_logs to authenticated, service_role;

create policy "select" on public.admin_audit_logs for select to authenticated using ((select private.is_admin()));

create or replace function private.audit(
  p_actor_id uuid, p_action text, p_target_user_id uuid, p_outcome text, p_details jsonb default '{}'
)
returns void
language sql
set search_path = ''
as $$
  insert into public.admin_audit_logs (actor_id, action, target_user_id, details, created_at)
  values (
    p_actor_id, p_action, p_target_user_id, jsonb_build_object('outcome', p_outcome) || p_details,
    clock_timestamp()
  );
$$;
comment on function private.audit(uuid, text, uuid, text, jsonb) is
  'Writes one line of the audit log. p_outcome: asked or done.';
revoke execute on function private.audit(uuid, text, uuid, text, jsonb) from public;
