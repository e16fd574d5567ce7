create table public.section_paragraphs (
  id uuid primary key default gen_random_uuid()
);

comment on table public.section_paragraphs is
  'Paragraphs of a scenario. Only the key is here: production has more columns.';

alter table public.section_paragraphs enable row level security;
revoke all on table public.section_paragraphs from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.section_paragraphs to authenticated;
grant all on table public.section_paragraphs to service_role;

create policy "all" on public.section_paragraphs for all to authenticated using ((select private.is_admin()));
