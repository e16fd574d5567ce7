create table public.email_templates (
  id uuid primary key default gen_random_uuid(),
  template_key text not null,
  name text not null,
  subject text not null,
  html_content text not null,
  description text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint email_templates_template_key_key unique (template_key),
  constraint email_templates_texts_check check (char_length(subject) <= 300)
);

comment on table public.email_templates is 'Subject and body of each mail, by template_key.';

alter table public.email_templates enable row level security;
revoke all on table public.email_templates from public, anon, authenticated, service_role;
grant select on table public.email_templates to authenticated;
grant update (subject, html_content) on table public.email_templates to authenticated;
grant all on table public.email_templates to service_role;

create policy "all" on public.email_templates for all to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.email_templates
  for each row execute function private.audit_writes();
create or replace trigger update_email_templates_updated_at
  before update on public.email_templates
  for each row execute function public.update_updated_at_column();
