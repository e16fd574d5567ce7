create or replace view public.email_change_requests_safe
with (security_invoker = true) as
select r.id, r.user_id, r.old_email, r.new_email, r.expires_at, r.created_at, r.verified_at
from public.email_change_requests r
where r.verified_at is null and r.expires_at > now();
comment on view public.email_change_requests_safe is
  'The caller''s open change of address, without the token.';
revoke all on table public.email_change_requests_safe from public, anon, authenticated, service_role;
grant select on table public.email_change_requests_safe to authenticated;
