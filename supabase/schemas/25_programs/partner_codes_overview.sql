create or replace view public.partner_codes_overview with (security_invoker = true) as
select
  c.id, c.code, c.label, c.partner_id, private.display_name(c.partner_id) as partner_name,
  c.program_id, program.name as program_name, c.cohort_id, cohort.name as cohort_name,
  c.discount_percent, c.is_free, c.grants_tier, c.max_uses, c.current_uses, c.expires_at, c.is_active,
  c.created_at, c.updated_at,
  (select count(*) from public.partner_referrals r where r.partner_code_id = c.id) as referrals
from public.partner_codes c
join public.programs program on program.id = c.program_id
left join public.program_cohorts cohort on cohort.id = c.cohort_id
where c.partner_id = (select auth.uid())
  or (select private.has_role((select auth.uid()), 'admin'))
  or (select auth.role()) = 'service_role';
comment on view public.partner_codes_overview is
  'PartnerCodesManagement: partner codes with the names of partner, program and cohort; all for an admin, a '
  'partner''s own.';
revoke all on table public.partner_codes_overview from public, anon, authenticated, service_role;
grant select on table public.partner_codes_overview to authenticated, service_role;
