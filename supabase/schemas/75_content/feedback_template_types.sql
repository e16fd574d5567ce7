create table public.feedback_template_types (
  id uuid primary key default gen_random_uuid()
);

comment on table public.feedback_template_types is
  'Forms for structured feedback. Only the key is here: production has more columns.';

alter table public.feedback_template_types enable row level security;
revoke all on table public.feedback_template_types from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.feedback_template_types to authenticated;
grant all on table public.feedback_template_types to service_role;

create policy "all" on public.feedback_template_types for all to authenticated using ((select private.is_admin()));
