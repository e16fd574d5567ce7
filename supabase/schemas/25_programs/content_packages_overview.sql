create or replace view public.content_packages_overview with (security_invoker = true) as
select
  p.id, p.title, p.description, p.storage_path, p.package_type, p.file_count, p.original_filename,
  p.uploaded_by, private.display_name(p.uploaded_by) as uploaded_by_name, p.is_active, p.created_at,
  p.updated_at,
  (select count(*) from public.content_completions c where c.content_package_id = p.id) as completions
from public.content_packages p;
comment on view public.content_packages_overview is
  'useContentPackages: packages with the name of who uploaded each, and how many completions the caller may '
  'see.';
revoke all on table public.content_packages_overview from public, anon, authenticated, service_role;
grant select on table public.content_packages_overview to authenticated, service_role;
