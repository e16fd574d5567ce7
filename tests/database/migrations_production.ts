/**
 * What production has and the baseline leaves out, as far as migrations meet it: functions with the
 * known bugs, under parameter and trigger names of their own, a policy that hangs on one of them,
 * Supabase's former grants, people from before profiles.email, and invitations with tokens in the clear.
 */
export const PRODUCTION = `
create or replace function public.handle_new_user() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  insert into public.profiles (id, name, username)
  values (new.id, coalesce(new.raw_user_meta_data ->> 'name', split_part(new.email, '@', 1)), new.email);
  return new;
end $$;
create trigger on_auth_user_created after insert on auth.users
  for each row execute function public.handle_new_user();

create or replace function public.create_default_notification_preferences() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  insert into public.notification_preferences (user_id) values (new.id) on conflict do nothing;
  return new;
end $$;
create trigger on_new_user_preferences after insert on auth.users
  for each row execute function public.create_default_notification_preferences();

create or replace function public.notify_program_assignment() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  perform p.email from public.profiles p where p.id = new.client_user_id and not p.is_disabled;
  return new;
exception when others then return new;
end $$;
create trigger trigger_notify_program_assignment after insert on public.client_enrollments
  for each row execute function public.notify_program_assignment();

create or replace function public.notify_session_participant_added() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  perform s.coach_id from public.module_sessions s where s.id = new.session_id;
  return new;
end $$;
create trigger trigger_participant_added after insert on public.module_session_participants
  for each row execute function public.notify_session_participant_added();

drop function public.staff_has_client_relationship(uuid, uuid) cascade;
create function public.staff_has_client_relationship(staff uuid, client uuid) returns boolean
language sql stable security definer set search_path = public
as $$ select exists (select from client_coaches c where c.coach_id = staff and c.client_id = client) $$;
create policy "production" on public.staff_profiles for select to authenticated
  using (public.staff_has_client_relationship(auth.uid(), user_id));

create function public.get_user_notification_preference(_user_id uuid, _type_key text)
returns table (email_enabled boolean, in_app_enabled boolean, is_critical boolean)
language sql stable security definer set search_path = public
as $$ select true, true, false $$;
create function public.create_notification(
  p_user_id uuid, p_notification_type_key text, p_title text, p_message text default null,
  p_link text default null, p_metadata jsonb default '{}'
) returns uuid language sql security definer set search_path = public
as $$ select null::uuid $$;

create function public.get_org_sponsored_seat_count(_org_id uuid) returns bigint
language sql stable security definer set search_path = public
as $$ select count(*) from organization_members m where m.organization_id = _org_id $$;
create function public.can_assign_sponsored_seat(_org_id uuid) returns boolean
language plpgsql security definer set search_path = public
as $$ begin return null; end $$;
create policy "Invited users" on public.organization_invites for select
  using (email = (select u.email from auth.users u where u.id = auth.uid()));
create policy "Managers" on public.organization_members for all
  using (is_org_admin_or_manager(auth.uid(), organization_id));
create table public.admin_audit_logs (
  id bigint generated always as identity primary key, admin_user_id uuid not null, action text not null,
  entity_type text not null
);
create view public.email_change_requests_safe with (security_invoker = on) as
select id, new_email, current_timestamp as seen_at from public.email_change_requests;

grant all on all tables in schema public to anon, authenticated;
grant execute on all functions in schema public to public, anon, authenticated;

insert into auth.users (id, email, banned_until) values
  ('00000000-0000-4000-8000-000000000001', 'active@example.com', null),
  ('00000000-0000-4000-8000-000000000002', 'banned@example.com', '2999-01-01'),
  ('00000000-0000-4000-8000-000000000003', 'lapsed@example.com', '2020-01-01'),
  ('00000000-0000-4000-8000-000000000004', 'old@example.com', null),
  ('00000000-0000-4000-8000-000000000005', 'own@example.com', null);
insert into public.organizations (id, name, slug)
values ('00000000-0000-4000-a000-000000000001', 'Acme', 'acme');
insert into public.organization_invites (organization_id, email, token, invited_by, expires_at, accepted_at)
values
  ('00000000-0000-4000-a000-000000000001', 'active@example.com', '00000000-0000-4000-b000-000000000001',
    '00000000-0000-4000-8000-000000000005', '2999-01-01', null),
  ('00000000-0000-4000-a000-000000000001', 'Active@Example.com', '00000000-0000-4000-b000-000000000002',
    '00000000-0000-4000-8000-000000000005', '2999-02-01', null),
  ('00000000-0000-4000-a000-000000000001', 'ACTIVE@example.com', '00000000-0000-4000-b000-000000000003',
    '00000000-0000-4000-8000-000000000005', '2020-01-01', '2020-01-01');
insert into public.organization_invites (organization_id, email, role, invited_by, expires_at)
values ('00000000-0000-4000-a000-000000000001', 'friend@example.com', 'org_admin',
  '00000000-0000-4000-8000-000000000005', '2999-01-01');
update auth.users set email = 'moved@example.com' where email = 'old@example.com';
update public.profiles set name = initcap(name);
update public.profiles set name = 'Moved' where name = 'Old';
update public.profiles set username = 'own_name' where name = 'Own';
`;
