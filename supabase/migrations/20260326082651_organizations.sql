-- Invitations by hashed links, members, seats.
--
-- Why: invitations lay about with their tokens in the clear, seats were counted in the browser, and a manager could
-- make anybody an admin. Only hashes of tokens are kept; whoever takes or promises a seat locks membership,
-- organization and invitation in that order, and a trigger counts for every writer.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on org_platform_tiers, organization_invites,
-- organization_sharing_consent, organization_terms, organizations; SHARE ROW EXCLUSIVE on auth.users,
-- org_platform_subscriptions, organization_members, organization_programs.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Types -------------------------------------------------------------------------------------------

select private.ensure_type($type$
create type public.org_invite_change as (
  success boolean,
  code text, -- declined | account_disabled | invite_not_found | wrong_address | email_unverified
             -- withdrawn | invite_not_found | forbidden
             -- both: invite_used | invite_declined | invite_withdrawn | invite_expired
  error text -- a sentence for a person; null on success
)
$type$);
select private.ensure_type($type$
create type public.org_invite_acceptance as (
  code text, -- accepted | reactivated | already_member; refused: account_disabled | invite_not_found
             -- | wrong_address | email_unverified | invite_used | invite_withdrawn | invite_declined
             -- | invite_expired | organization_inactive | other_organization | seats_full
  organization_id uuid, -- null when refused
  organization_name text
)
$type$);
select private.ensure_type($type$
create type public.org_seat_check as (
  alerts jsonb, -- [{organizationId, organizationName, type, seatKind, usedSeats, maxSeats, percentUsed, adminsTold}]
  errors jsonb -- [{organizationId, code}]: SQLSTATE of what undid one organisation's alert
)
$type$);
select private.ensure_type($type$
create type public.org_invite_sending as (
  code text, -- sent | resent; refused: account_disabled | forbidden | role_not_allowed | not_found
             -- | organization_inactive | rate_limited | already_member | invitee_unavailable
             -- | seats_full
  invite_id uuid, -- null when refused
  is_mail_queued boolean
)
$type$);

-- Tables that are there ---------------------------------------------------------------------------

do $$
begin
  -- production's are alike; with another result or name of the argument they could not be replaced
  perform private.drop_public_functions(ours.name)
  from (
    values
      ('get_org_sponsored_seat_count', '(uuid)', 'integer'),
      ('get_org_max_sponsored_seats', '(uuid)', 'integer'),
      ('can_assign_sponsored_seat', '(uuid)', 'boolean')
  ) as ours (name, types, result)
  where exists (
    select from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname = ours.name
      and (
        (p.oid, p.prorettype)
          is distinct from (to_regprocedure('public.' || ours.name || ours.types), to_regtype(ours.result))
        or p.proargnames <> array['p_organization_id'] -- by which the web app calls them
      )
  );
end
$$;

-- Credits that an organization of this tier is granted each calendar month; null: none.
alter table public.org_platform_tiers
  add column if not exists credit_allowance integer check (credit_allowance > 0);
select private.assert_table(
  'public.org_platform_tiers', 'credit_allowance integer', 'check (credit_allowance > 0)'
);

alter table public.organization_invites
  add column if not exists declined_at timestamptz,
  add column if not exists withdrawn_at timestamptz,
  add column if not exists is_open boolean not null
    -- squawk-ignore adding-field-with-default -- the table is small
    generated always as (accepted_at is null and declined_at is null and withdrawn_at is null) stored;
-- squawk-ignore ban-drop-not-null -- no client ever read the column (row level security raised)
alter table public.organization_invites alter column token drop not null;
select private.assert_table(
  'public.organization_invites',
  'accepted_at timestamptz, declined_at timestamptz, withdrawn_at timestamptz, token uuid default gen_random_uuid(),
   is_open boolean not null
     generated always as (accepted_at is null and declined_at is null and withdrawn_at is null) stored'
);

select private.ensure_index(statement) from unnest(array[
  $$create index org_platform_subscriptions_stripe_customer_idx
    on public.org_platform_subscriptions (stripe_customer_id) where stripe_customer_id is not null$$,
  $$create index org_platform_subscriptions_stripe_subscription_idx
    on public.org_platform_subscriptions (stripe_subscription_id) where stripe_subscription_id is not null$$,
  'create index organization_invites_email_idx on public.organization_invites (lower(email))',
  'create index organization_invites_invited_by_idx on public.organization_invites (invited_by)',
  $$create index organization_members_invited_by_idx
    on public.organization_members (invited_by) where invited_by is not null$$,
  'create index organization_members_organization_id_idx on public.organization_members (organization_id)',
  $$create index organization_members_sponsored_plan_id_idx
    on public.organization_members (sponsored_plan_id) where sponsored_plan_id is not null$$,
  $$create index organization_terms_created_by_idx
    on public.organization_terms (created_by) where created_by is not null$$
]) as statement;

-- A link that runs a script or opens a program is none that anybody follows.
insert into private.rows_before_repair (table_name, content)
select 'public.organizations', to_jsonb(r) from public.organizations r
where not (
  private.are_web_links(logo_url, website));
update public.organizations
set logo_url = case when private.are_web_links(logo_url) then logo_url end,
  website = case when private.are_web_links(website) then website end
where not (
  private.are_web_links(logo_url, website)
);
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.organizations'::regclass and c.conname = 'organizations_links_check'
  ) then
    alter table public.organizations add constraint organizations_links_check
      check (private.are_web_links(logo_url, website));
  end if;
end
$$;

-- Lengths and times of what organizations write: what is there is put right, then the checks are made.
insert into private.rows_before_repair (table_name, content)
select 'public.organizations', to_jsonb(r) from public.organizations r
where not (
  char_length(name) <= 200 and coalesce(char_length(description), 0) <= 5000
  and coalesce(char_length(website), 0) <= 2000 and coalesce(char_length(settings::text), 0) <= 20000);
update public.organizations
set name = left(name, 200), description = left(description, 5000), website = left(website, 2000),
  settings = case when char_length(settings::text) <= 20000 then settings else '{}' end
where not (
  char_length(name) <= 200 and coalesce(char_length(description), 0) <= 5000
  and coalesce(char_length(website), 0) <= 2000 and coalesce(char_length(settings::text), 0) <= 20000
);
insert into private.rows_before_repair (table_name, content)
select 'public.organization_terms', to_jsonb(r) from public.organization_terms r
where not (
  char_length(title) <= 300 and char_length(content_html) <= 200000
  and effective_from between '2000-01-01 00:00+00' and '2100-01-01 00:00+00');
update public.organization_terms
set title = left(title, 300), content_html = left(content_html, 200000),
  effective_from = least(greatest(effective_from, '2000-01-01 00:00+00'), '2100-01-01 00:00+00')
where not (
  char_length(title) <= 300 and char_length(content_html) <= 200000
  and effective_from between '2000-01-01 00:00+00' and '2100-01-01 00:00+00'
);
insert into private.rows_before_repair (table_name, content)
select 'public.organization_sharing_consent', to_jsonb(r) from public.organization_sharing_consent r
where not (
  (consent_given_at is null or consent_given_at between '2000-01-01 00:00+00' and '2100-01-01 00:00+00')
  and consent_updated_at between '2000-01-01 00:00+00' and '2100-01-01 00:00+00');
update public.organization_sharing_consent
set consent_given_at = least(greatest(consent_given_at, '2000-01-01 00:00+00'), '2100-01-01 00:00+00'),
  consent_updated_at = least(greatest(consent_updated_at, '2000-01-01 00:00+00'), '2100-01-01 00:00+00')
where not (
  (consent_given_at is null or consent_given_at between '2000-01-01 00:00+00' and '2100-01-01 00:00+00')
  and consent_updated_at between '2000-01-01 00:00+00' and '2100-01-01 00:00+00'
);
do $$
declare
  v_check record;
begin
  for v_check in
    select * from (values
      ('organizations', 'organizations_texts_check',
        $c$char_length(name) <= 200 and char_length(description) <= 5000 and char_length(website) <= 2000
          and char_length(settings::text) <= 20000$c$),
      ('organization_terms', 'organization_terms_texts_check',
        $c$char_length(title) <= 300 and char_length(content_html) <= 200000$c$),
      ('organization_terms', 'organization_terms_times_check',
        $c$effective_from between '2000-01-01 00:00+00' and '2100-01-01 00:00+00'$c$),
      ('organization_sharing_consent', 'organization_sharing_consent_times_check',
        $c$consent_given_at between '2000-01-01 00:00+00' and '2100-01-01 00:00+00'
          and consent_updated_at between '2000-01-01 00:00+00' and '2100-01-01 00:00+00'$c$)
    ) as c (table_name, name, expression)
  loop
    if not exists (
      select from pg_catalog.pg_constraint k
      where k.conrelid = format('public.%I', v_check.table_name)::regclass and k.conname = v_check.name
    ) then
      execute format('alter table public.%I add constraint %I check (%s)', v_check.table_name, v_check.name,
        v_check.expression);
    end if;
  end loop;
end
$$;

comment on type public.org_invite_change is 'What decline_org_invite and withdraw_org_invite answer.';
comment on type public.org_invite_acceptance is 'What accept_org_invite answers.';
comment on type public.org_seat_check is 'What check_org_seat_limits did.';
comment on type public.org_invite_sending is 'What send_org_invite answers.';

-- New tables --------------------------------------------------------------------------------------

select private.ensure_table($table$
create table private.organization_invite_attempts (
  id bigint generated always as identity primary key,
  inviter_id uuid not null references auth.users (id) on delete cascade,
  organization_id uuid not null references public.organizations (id) on delete cascade,
  address_hash bytea not null,
  attempted_at timestamptz not null
)
$table$);
select private.ensure_table($table$
create table private.organization_invite_tokens (
  token_hash bytea primary key,
  invite_id uuid not null references public.organization_invites (id) on delete cascade
)
$table$);
select private.ensure_table($table$
create table private.seat_limit_alerts (
  organization_id uuid not null references public.organizations (id) on delete cascade,
  seat_kind text not null check (seat_kind in ('member', 'sponsored')),
  threshold integer not null check (threshold in (80, 100)),
  alerted_at timestamptz not null,
  primary key (organization_id, seat_kind, threshold)
)
$table$);

select private.ensure_index(statement) from unnest(array[
  $$create index organization_invite_attempts_address_idx
  on private.organization_invite_attempts (organization_id, address_hash, attempted_at)$$,
  $$create index organization_invite_attempts_inviter_idx
  on private.organization_invite_attempts (inviter_id, attempted_at)$$,
  $$create index organization_invite_tokens_invite_id_idx
  on private.organization_invite_tokens (invite_id)$$
]) as statement;

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.org_platform_tiers is
  'Platform tiers for organisations. max_sponsored_seats: null is unlimited, 0 is none.';
comment on column public.org_platform_tiers.credit_allowance is
  'Credits an organisation of this tier is granted each calendar month; null: none.';
comment on table public.organizations is
  'Client companies. There is no platform_tier_id: the tier comes by org_platform_subscriptions.';
comment on table public.organization_invites is
  'Invitations, open and closed. One open a person and organisation; its links are in '
  'private.organization_invite_tokens.';
comment on column public.organization_invites.token is
  'The token of a new link. Returned to whoever writes it, then kept as a hash alone: it always reads as '
  'null.';
comment on column public.organization_invites.is_open is
  'Neither accepted, declined nor withdrawn. An open invitation may have expired; sending it again prolongs '
  'it.';
comment on table public.org_platform_subscriptions is
  'The platform subscription of an organisation, one row each. There is no plan_id.';
comment on table private.organization_invite_attempts is
  'Who tried to invite whom in the last day, for the limits of send_org_invite. The address is hashed.';
comment on table private.organization_invite_tokens is
  'The links of each invitation, as hashes of their tokens: nothing stored opens an invitation.';
comment on table public.organization_members is
  'Members of an organisation. Unique by user: an inactive membership blocks another organisation.';
comment on table public.organization_programs is 'Programmes an organisation has licensed.';
comment on table public.organization_sharing_consent is
  'What a member lets the organisation see. No share_profile, share_enrollments or share_wheel.';
comment on table public.organization_terms is 'Versions of an organisation''s own terms; one is current.';
comment on table private.seat_limit_alerts is
  'When an organisation''s admins were last told that so many per cent of its seats are taken.';

alter table private.organization_invite_attempts enable row level security;
alter table private.organization_invite_tokens enable row level security;
alter table private.seat_limit_alerts enable row level security;

revoke all on table public.org_platform_tiers from public, anon, authenticated, service_role;
grant select, delete on table public.org_platform_tiers to authenticated;
grant insert (
  name, slug, description, annual_fee_cents, monthly_fee_cents, currency, features, max_members,
  includes_analytics, display_order, is_active, max_sponsored_seats
) on table public.org_platform_tiers to authenticated;
grant update (
  name, description, annual_fee_cents, monthly_fee_cents, currency, features, max_members, includes_analytics,
  display_order, is_active, updated_at, max_sponsored_seats
) on table public.org_platform_tiers to authenticated;
grant all on table public.org_platform_tiers to service_role;
revoke all on table public.organizations from public, anon, authenticated, service_role;
grant select, delete on table public.organizations to authenticated;
grant insert (
  name, slug, description, website, industry, size_range
) on table public.organizations to authenticated;
grant update (
  name, description, website, industry, size_range, settings, is_active, updated_at
) on table public.organizations to authenticated;
grant all on table public.organizations to service_role;
revoke all on table public.organization_invites from public, anon, authenticated, service_role;
grant select, delete on table public.organization_invites to authenticated;
grant all on table public.organization_invites to service_role;
revoke all on table public.org_platform_subscriptions from public, anon, authenticated, service_role;
grant select on table public.org_platform_subscriptions to authenticated;
grant all on table public.org_platform_subscriptions to service_role;
revoke all on table private.organization_invite_attempts from public, anon, authenticated, service_role;
revoke all on table private.organization_invite_tokens from public, anon, authenticated, service_role;
revoke all on table public.organization_members from public, anon, authenticated, service_role;
grant select, delete on table public.organization_members to authenticated;
grant insert (organization_id, user_id, role) on table public.organization_members to authenticated;
grant update (role, is_active, sponsored_plan_id) on table public.organization_members to authenticated;
grant all on table public.organization_members to service_role;
revoke all on table public.organization_programs from public, anon, authenticated, service_role;
grant select, delete on table public.organization_programs to authenticated;
grant insert (
  organization_id, program_id, max_enrollments, expires_at
) on table public.organization_programs to authenticated;
grant update (is_active) on table public.organization_programs to authenticated;
grant all on table public.organization_programs to service_role;
revoke all on table public.organization_sharing_consent from public, anon, authenticated, service_role;
grant select on table public.organization_sharing_consent to authenticated;
grant insert (
  user_id, organization_id, share_goals, share_decisions, share_tasks, share_progress, share_assessments,
  share_development_items, share_assignments, consent_given_at, consent_updated_at
) on table public.organization_sharing_consent to authenticated;
grant update (
  user_id, organization_id, share_goals, share_decisions, share_tasks, share_progress, share_assessments,
  share_development_items, share_assignments, consent_given_at, consent_updated_at
) on table public.organization_sharing_consent to authenticated;
grant all on table public.organization_sharing_consent to service_role;
revoke all on table public.organization_terms from public, anon, authenticated, service_role;
grant select, delete on table public.organization_terms to authenticated;
grant insert (
  organization_id, version, title, content_html, is_current, is_blocking_on_first_access, is_blocking_on_update,
  effective_from
) on table public.organization_terms to authenticated;
grant update (
  title, content_html, is_current, is_blocking_on_first_access, is_blocking_on_update, effective_from
) on table public.organization_terms to authenticated;
grant all on table public.organization_terms to service_role;
revoke all on table private.seat_limit_alerts from public, anon, authenticated, service_role;

-- Functions ---------------------------------------------------------------------------------------

-- Security invoker on purpose, as private.guard_columns: current_user tells a request from private.accept_org_invite,
-- where the member has accepted, and from the service role.
create or replace function private.guard_reactivation()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user in ('anon', 'authenticated') and not private.has_role(auth.uid(), 'admin') then
    raise exception 'who left comes back by accepting an invitation' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_reactivation() is
  'Trigger: nobody but a platform admin makes a former member active again; others invite.';
revoke execute on function private.guard_reactivation() from public;

create or replace function private.guard_seats()
returns trigger
language plpgsql
security definer -- whoever writes members need not see the subscription, invitations and addresses
set search_path = ''
as $$
declare
  v_joins constant boolean := tg_op = 'INSERT' or not old.is_active
    or old.organization_id <> new.organization_id;
  v_seats record;
begin
  perform from public.organizations o where o.id = new.organization_id for no key update;
  select * into v_seats from private.organization_seats(new.organization_id);

  if v_joins and (
    v_seats.members > v_seats.max_members
    or (
      v_seats.members + v_seats.held > v_seats.max_members
      -- an invited person takes the seat that the invitation held
      and not exists (
        select from public.organization_invites i
        join auth.users u on lower(u.email) = lower(i.email)
        where u.id = new.user_id and i.organization_id = new.organization_id
          and i.is_open and i.expires_at > now()
      )
    )
  ) then
    raise exception 'the organisation has no free seat' using errcode = 'check_violation';
  end if;
  if new.sponsored_plan_id is not null and v_seats.sponsored > v_seats.max_sponsored then
    raise exception 'the organisation has no free sponsored seat' using errcode = 'check_violation';
  end if;
  return null;
end
$$;
comment on function private.guard_seats() is
  'Trigger: refuses an active or sponsored member beyond the organisation''s seats, whoever writes it.';
revoke execute on function private.guard_seats() from public;

create or replace function private.has_an_org_admin(p_organization_id uuid)
returns boolean
language plpgsql
security definer -- counts members whom the caller may no longer see; locks the organisation
set search_path = ''
as $$
begin
  -- Two admins who remove one another at once: the second waits here and then sees that none is left.
  perform from public.organizations o where o.id = p_organization_id for no key update;
  return exists (
    select from public.organization_members m
    where m.organization_id = p_organization_id and m.role = 'org_admin' and m.is_active
  );
end
$$;
comment on function private.has_an_org_admin(uuid) is
  'Whether the organisation has an active admin. Locks it until the transaction ends.';
revoke execute on function private.has_an_org_admin(uuid) from public;
grant execute on function private.has_an_org_admin(uuid) to authenticated, service_role;

-- Security invoker on purpose, as private.guard_columns: current_user tells a request from the service
-- role and from the deletion of a user, which must not hang on this.
create or replace function private.keep_an_org_admin()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user in ('anon', 'authenticated')
    and not private.has_role(auth.uid(), 'admin')
    and not private.has_an_org_admin(old.organization_id)
  then
    raise exception 'an organisation keeps at least one active admin' using errcode = 'check_violation';
  end if;
  return null;
end
$$;
comment on function private.keep_an_org_admin() is
  'Trigger: nobody but a platform admin takes the last active admin from an organisation.';
revoke execute on function private.keep_an_org_admin() from public;

create or replace function private.hash_invite_token(p_token text)
returns bytea
language sql
immutable
set search_path = ''
begin atomic
  select sha256(convert_to(lower(p_token), 'UTF8'));
end;
comment on function private.hash_invite_token(text) is
  'What is kept of the token in a link. Tokens are lower case.';
revoke execute on function private.hash_invite_token(text) from public;

create or replace function private.keep_invite_token()
returns trigger
language plpgsql
security definer -- the service role may write invitations, and not this table
set search_path = ''
as $$
begin
  insert into private.organization_invite_tokens (token_hash, invite_id)
  values (private.hash_invite_token(new.token::text), new.id)
  on conflict (token_hash) do nothing;
  update public.organization_invites set token = null where id = new.id;
  return null;
end
$$;
comment on function private.keep_invite_token() is
  'Trigger: keeps the hash of a token that is written, and blanks the token.';
revoke execute on function private.keep_invite_token() from public;

create or replace function private.join_organization(
  p_user_id uuid, p_invite public.organization_invites
)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_member public.organization_members;
  v_seats record;
begin
  select * into v_member from public.organization_members m where m.user_id = p_user_id for update;
  if v_member.organization_id <> p_invite.organization_id then
    return 'other_organization';
  end if;
  -- The trigger guard_seats has the last word; here the limit becomes an answer.
  select * into v_seats from private.organization_seats(p_invite.organization_id);
  if v_seats.members >= v_seats.max_members
    or (v_member.sponsored_plan_id is not null and v_seats.sponsored >= v_seats.max_sponsored)
  then
    return 'seats_full';
  end if;

  if v_member.id is not null then
    update public.organization_members
    set role = p_invite.role, invited_by = p_invite.invited_by, invited_at = p_invite.created_at,
      joined_at = now(), is_active = true
    where id = v_member.id;
    return 'reactivated';
  end if;
  insert into public.organization_members (organization_id, user_id, role, invited_by, invited_at)
  values (
    p_invite.organization_id, p_user_id, p_invite.role, p_invite.invited_by, p_invite.created_at
  )
  on conflict (user_id) do nothing;
  -- Another organisation's invitation, accepted at the same time
  return case when found then 'accepted' else 'other_organization' end;
end
$$;
comment on function private.join_organization(uuid, public.organization_invites) is
  'Makes an invited person a member, or a former one a member again: accepted, reactivated, '
  'other_organization or seats_full. The caller holds the locks on the organisation and the invitation.';
revoke execute on function private.join_organization(uuid, public.organization_invites) from public;

create or replace function private.accept_org_invite(p_token text)
returns public.org_invite_acceptance
language plpgsql
security definer -- an invitee may write neither members nor invitations
set search_path = ''
as $$
declare
  v_result public.org_invite_acceptance;
  v_user_id constant uuid := auth.uid();
  v_found record;
  v_organization public.organizations;
  v_invite public.organization_invites;
begin
  select * into v_found from private.find_org_invite(p_token);
  if v_found.code is not null then
    v_result.code := v_found.code;
    return v_result;
  end if;

  -- Membership, organisation, invitation: whoever changes a membership locks in this order, so that two
  -- can wait for one another, and not both. With the organisation locked the last seat is not taken twice.
  perform from public.organization_members m where m.user_id = v_user_id for update;
  select * into v_organization from public.organizations o
  where o.id = v_found.organization_id
  for no key update;
  select * into v_invite from public.organization_invites i where i.id = v_found.invite_id for update;
  if not found then
    v_result.code := 'invite_not_found';
    return v_result;
  end if;

  v_result.code := case
    when private.get_user_organization_id(v_user_id) = v_organization.id then 'already_member'
    when private.closed_invite_code(v_invite) is not null then private.closed_invite_code(v_invite)
    when not v_organization.is_active then 'organization_inactive'
    else private.join_organization(v_user_id, v_invite)
  end;
  if v_result.code not in ('accepted', 'reactivated', 'already_member') then
    return v_result;
  end if;

  insert into public.organization_sharing_consent (user_id, organization_id)
  values (v_user_id, v_organization.id)
  on conflict (user_id, organization_id) do nothing;
  update public.organization_invites set accepted_at = now() where id = v_invite.id and is_open;
  v_result.organization_id := v_organization.id;
  v_result.organization_name := v_organization.name;
  return v_result;
end
$$;
comment on function private.accept_org_invite(text) is
  'Accepts the invitation behind a link for the caller: membership, consent row (nothing shared; an '
  'existing row is left alone) and invitation together, or not at all.';
revoke execute on function private.accept_org_invite(text) from public;
grant execute on function private.accept_org_invite(text) to authenticated;

create or replace function public.accept_org_invite(p_token text)
returns public.org_invite_acceptance
language sql
set search_path = ''
as $$
  select private.accept_org_invite(p_token);
$$;
comment on function public.accept_org_invite(text) is
  'accept-org-invite: makes the caller a member by the invitation behind a link, all or nothing.';
revoke execute on function public.accept_org_invite(text) from public, anon, authenticated, service_role;
grant execute on function public.accept_org_invite(text) to authenticated;

create or replace function public.can_assign_sponsored_seat(p_organization_id uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select coalesce(s.sponsored < s.max_sponsored, true) from private.organization_seats(p_organization_id) s;
$$;
comment on function public.can_assign_sponsored_seat(uuid) is
  'Whether the organisation has a sponsored seat left. As far as the caller sees members and subscription.';
revoke execute on function public.can_assign_sponsored_seat(uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.can_assign_sponsored_seat(uuid) to authenticated, service_role;

create or replace function private.alert_seat_limit(
  p_organization_id uuid,
  p_organization_name text,
  p_seat_kind text,
  p_threshold integer,
  p_used integer,
  p_maximum integer,
  p_admin_ids uuid[],
  p_now timestamptz
)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_type constant text :=
    case p_threshold when 100 then 'org_seat_limit_reached' else 'org_seat_limit_warning' end;
  v_seats constant text := case p_seat_kind when 'sponsored' then 'sponsored seats' else 'seats' end;
begin
  -- A run at the same time waits here, and then finds it told.
  insert into private.seat_limit_alerts as a (organization_id, seat_kind, threshold, alerted_at)
  values (p_organization_id, p_seat_kind, p_threshold, p_now)
  on conflict (organization_id, seat_kind, threshold) do update
    set alerted_at = excluded.alerted_at
    where a.alerted_at <= excluded.alerted_at - interval '7 days';
  if not found then
    return null;
  end if;

  perform private.tell(
    p_user_ids => p_admin_ids,
    p_type_key => v_type,
    p_title => case p_threshold
      when 100 then format('%s has no %s left', p_organization_name, v_seats)
      else format('%s is running out of %s', p_organization_name, v_seats)
    end,
    p_message => format('%s of %s %s are taken.', p_used, p_maximum, v_seats),
    p_metadata => jsonb_build_object(
      'organizationId', p_organization_id, 'organizationName', p_organization_name,
      'usedSeats', p_used, 'maxSeats', p_maximum, 'percentUsed', 100::bigint * p_used / p_maximum
    ),
    p_dedupe_key => format(
      'org-seat-limit:%s:%s:%s:%s', p_organization_id, p_seat_kind, p_threshold,
      to_char(p_now at time zone 'UTC', 'YYYY-MM-DD')
    )
  );
  return jsonb_build_object(
    'organizationId', p_organization_id, 'organizationName', p_organization_name, 'type', v_type,
    'seatKind', p_seat_kind, 'usedSeats', p_used, 'maxSeats', p_maximum,
    'percentUsed', 100::bigint * p_used / p_maximum, 'adminsTold', cardinality(p_admin_ids)
  );
end
$$;
comment on function private.alert_seat_limit(uuid, text, text, integer, integer, integer, uuid[], timestamptz) is
  'Tells an organisation''s admins, and remembers it; null when another run has told them meanwhile.';
revoke execute on function private.alert_seat_limit(uuid, text, text, integer, integer, integer, uuid[], timestamptz)
  from public;

create or replace function private.seat_alerts_due(p_now timestamptz)
returns table (
  organization_id uuid, organization_name text, seat_kind text, threshold integer,
  used integer, maximum integer, admin_ids uuid[]
)
language sql
stable
set search_path = ''
as $$
  select o.id, o.name, kind.name, level.threshold, kind.used, kind.maximum, admins.ids
  from public.organizations o
  cross join lateral private.organization_seats(o.id, p_now) s
  cross join lateral (
    values
      ('member', s.members + s.held, s.max_members),
      ('sponsored', s.sponsored, s.max_sponsored)
  ) as kind (name, used, maximum)
  cross join lateral (
    -- whole numbers: 199 of 200 are not all
    select (case when kind.used >= kind.maximum then 100 else 80 end)::integer as threshold
  ) level
  cross join lateral (
    select array_agg(m.user_id order by m.user_id) as ids
    from public.organization_members m
    where m.organization_id = o.id and m.role = 'org_admin' and m.is_active
      and private.is_reachable(m.user_id)
  ) admins
  where o.is_active
    and kind.maximum > 0
    and kind.used::bigint * 100 >= kind.maximum::bigint * 80
    and admins.ids is not null
    and not exists (
      select from private.seat_limit_alerts a
      where a.organization_id = o.id and a.seat_kind = kind.name and a.threshold = level.threshold
        and a.alerted_at > p_now - interval '7 days'
    );
$$;
comment on function private.seat_alerts_due(timestamptz) is
  'Active organisations with 80 per cent of a kind of seats taken, or all, whose admins have not been told '
  'so for 7 days.';
revoke execute on function private.seat_alerts_due(timestamptz) from public;

create or replace function public.check_org_seat_limits(p_now timestamptz default now())
returns public.org_seat_check
language plpgsql
security definer -- what it calls is nobody's to call
set search_path = ''
as $$
declare
  v_result public.org_seat_check;
  v_due record;
begin
  v_result.alerts := '[]';
  v_result.errors := '[]';
  -- A savepoint each: what fails for one organisation is recorded, and tried again by the next run.
  for v_due in
    select * from private.seat_alerts_due(p_now) d order by d.organization_id, d.seat_kind
  loop
    begin
      v_result.alerts := v_result.alerts || coalesce(
        private.alert_seat_limit(
          v_due.organization_id, v_due.organization_name, v_due.seat_kind, v_due.threshold, v_due.used,
          v_due.maximum, v_due.admin_ids, p_now
        ),
        '[]'
      );
    exception
      when others then
        perform private.record_trigger_failure(
          'check_org_seat_limits', v_due.organization_id, sqlstate, sqlerrm
        );
        v_result.errors := v_result.errors || jsonb_build_object(
          'organizationId', v_due.organization_id, 'code', sqlstate
        );
    end;
  end loop;
  return v_result;
end
$$;
comment on function public.check_org_seat_limits(timestamptz) is
  'Tells the admins of each organisation whose seats run out, once per threshold and 7 days. pg_cron runs '
  'it daily.';
revoke execute on function public.check_org_seat_limits(timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.check_org_seat_limits(timestamptz) to service_role;

create or replace function private.closed_invite_code(
  p_invite public.organization_invites, p_now timestamptz default now()
)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    when (p_invite).accepted_at is not null then 'invite_used'
    when (p_invite).withdrawn_at is not null then 'invite_withdrawn'
    when (p_invite).declined_at is not null then 'invite_declined'
    when (p_invite).expires_at <= p_now then 'invite_expired'
  end;
$$;
comment on function private.closed_invite_code(public.organization_invites, timestamptz) is
  'Why an invitation can no longer be accepted; null while it can.';
revoke execute on function private.closed_invite_code(public.organization_invites, timestamptz) from public;

create or replace function private.count_invite_attempt(
  p_inviter_id uuid, p_organization_id uuid, p_email text, p_now timestamptz
)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_address_hash constant bytea := sha256(convert_to(p_email, 'UTF8'));
begin
  delete from private.organization_invite_attempts a
  where a.inviter_id = p_inviter_id and a.attempted_at <= p_now - interval '1 day';

  if (
    select count(*) from private.organization_invite_attempts a
    where a.inviter_id = p_inviter_id and a.attempted_at > p_now - interval '1 hour'
  ) >= 100 or (
    select count(*) from private.organization_invite_attempts a
    where a.organization_id = p_organization_id and a.address_hash = v_address_hash
      and a.attempted_at > p_now - interval '1 hour'
  ) >= 5 then
    return false;
  end if;

  insert into private.organization_invite_attempts (
    inviter_id, organization_id, address_hash, attempted_at
  )
  values (p_inviter_id, p_organization_id, v_address_hash, p_now);
  return true;
end
$$;
comment on function private.count_invite_attempt(uuid, uuid, text, timestamptz) is
  'Counts an invitation; false, and not counted, beyond 100 an hour of one inviter or 5 an hour of an '
  'organisation to one address.';
revoke execute on function private.count_invite_attempt(uuid, uuid, text, timestamptz) from public;

create or replace function private.decline_org_invite(p_token text)
returns public.org_invite_change
language plpgsql
security definer -- an invitee may not write invitations
set search_path = ''
as $$
declare
  v_found record;
  v_invite public.organization_invites;
  v_code text;
begin
  select f.code, f.invite_id into v_found from private.find_org_invite(p_token) f;
  if v_found.code is not null then
    return private.org_invite_refusal(v_found.code);
  end if;
  select * into v_invite from public.organization_invites i where i.id = v_found.invite_id for update;
  if not found then
    return private.org_invite_refusal('invite_not_found');
  end if;

  v_code := private.closed_invite_code(v_invite);
  if v_code in ('invite_used', 'invite_withdrawn') then
    return private.org_invite_refusal(v_code);
  end if;
  if v_code is distinct from 'invite_declined' then
    update public.organization_invites set declined_at = now() where id = v_invite.id;
  end if;
  return row(true, 'declined', null)::public.org_invite_change;
end
$$;
comment on function private.decline_org_invite(text) is
  'Declines the invitation behind a link, for the caller to whom it is addressed; an expired one as well.';
revoke execute on function private.decline_org_invite(text) from public;
grant execute on function private.decline_org_invite(text) to authenticated;

create or replace function public.decline_org_invite(p_token text)
returns public.org_invite_change
language sql
set search_path = ''
begin atomic
  select private.decline_org_invite(p_token);
end;
comment on function public.decline_org_invite(text) is
  'Declines the invitation behind a link. Once declined it stays so; its seat is free again.';
revoke execute on function public.decline_org_invite(text) from public, anon, authenticated, service_role;
grant execute on function public.decline_org_invite(text) to authenticated;

create or replace function private.find_org_invite(p_token text)
returns table (code text, invite_id uuid, organization_id uuid)
language plpgsql
stable
set search_path = ''
as $$
declare
  v_user record;
  v_address text;
begin
  select u.id, u.email, u.email_confirmed_at is not null as is_verified into v_user
  from auth.users u where u.id = auth.uid();
  if not found or private.is_disabled(v_user.id) then
    code := 'account_disabled';
    return next;
    return;
  end if;

  select i.id, i.organization_id, i.email into invite_id, organization_id, v_address
  from private.organization_invite_tokens t
  join public.organization_invites i on i.id = t.invite_id
  where t.token_hash = private.hash_invite_token(p_token);
  code := case
    when not found then 'invite_not_found'
    when lower(v_address) is distinct from lower(v_user.email) then 'wrong_address'
    when not v_user.is_verified then 'email_unverified'
  end;
  return next;
end
$$;
comment on function private.find_org_invite(text) is
  'The invitation behind a link, for the caller: code is null when it is addressed to the caller''s '
  'verified address. Says nothing of its state, which is for whoever locks it.';
revoke execute on function private.find_org_invite(text) from public;

create or replace function public.get_org_max_sponsored_seats(p_organization_id uuid)
returns integer
language sql
stable
set search_path = ''
as $$
  select s.max_sponsored from private.organization_seats(p_organization_id) s;
$$;
comment on function public.get_org_max_sponsored_seats(uuid) is
  'How many members the organisation may sponsor: null is no limit, 0 is none or no running subscription. '
  'As far as the caller sees members and subscription.';
revoke execute on function public.get_org_max_sponsored_seats(uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.get_org_max_sponsored_seats(uuid) to authenticated, service_role;

create or replace function public.get_org_sponsored_seat_count(p_organization_id uuid)
returns integer
language sql
stable
set search_path = ''
as $$
  select s.sponsored from private.organization_seats(p_organization_id) s;
$$;
comment on function public.get_org_sponsored_seat_count(uuid) is
  'How many active members the organisation sponsors. As far as the caller sees members and subscription.';
revoke execute on function public.get_org_sponsored_seat_count(uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.get_org_sponsored_seat_count(uuid) to authenticated, service_role;

create or replace function private.org_invite_refusal(p_code text)
returns public.org_invite_change
language sql
immutable
set search_path = ''
begin atomic
  select row(false, p_code, case p_code
    when 'account_disabled' then 'This account is disabled.'
    when 'forbidden' then 'This is not for you to do.'
    when 'invite_not_found' then 'This invitation does not exist.'
    when 'wrong_address' then 'This invitation was sent to a different email address.'
    when 'email_unverified' then 'Confirm your email address first.'
    when 'invite_used' then 'This invitation has already been accepted.'
    when 'invite_withdrawn' then 'This invitation has been withdrawn.'
    when 'invite_declined' then 'This invitation has been declined.'
    when 'invite_expired' then 'This invitation has expired.'
  end)::public.org_invite_change;
end;
comment on function private.org_invite_refusal(text) is
  'The answer to a change of an invitation that is refused.';
revoke execute on function private.org_invite_refusal(text) from public;

create or replace function private.org_role_name(p_role public.org_role)
returns text
language sql
immutable
set search_path = ''
begin atomic
  select case p_role
    when 'org_admin' then 'Administrator'
    when 'org_manager' then 'Manager'
    else 'Member'
  end;
end;
comment on function private.org_role_name(public.org_role) is 'A role in an organisation, for a person.';
revoke execute on function private.org_role_name(public.org_role) from public;

create or replace function private.organization_seats(
  p_organization_id uuid, p_now timestamptz default now()
)
returns table (
  max_members integer, members integer, held integer, max_sponsored integer, sponsored integer
)
language sql
stable
set search_path = ''
begin atomic
  select t.max_members, taken.members, pending.held,
    case
      when t.id is null or coalesce(s.status, '') not in ('active', 'trialing', 'past_due') then 0
      else t.max_sponsored_seats
    end,
    taken.sponsored
  from (values (p_organization_id)) as o (id)
  left join public.org_platform_subscriptions s on s.organization_id = o.id
  left join public.org_platform_tiers t on t.id = s.tier_id
  cross join lateral (
    select count(*)::integer as members,
      (count(*) filter (where m.sponsored_plan_id is not null))::integer as sponsored
    from public.organization_members m
    where m.organization_id = o.id and m.is_active
  ) taken
  cross join lateral (
    select count(*)::integer as held
    from public.organization_invites i
    where i.organization_id = o.id and i.is_open and i.expires_at > p_now
      -- of somebody who has become a member in another way
      and not exists (
        select from public.profiles p
        join public.organization_members m on m.user_id = p.id
        where lower(p.email) = lower(i.email) and m.organization_id = o.id and m.is_active
      )
  ) pending;
end;
comment on function private.organization_seats(uuid, timestamptz) is
  'The seats of an organisation: limits (null: none), active members, seats that pending invitations hold, '
  'sponsored members.';
revoke execute on function private.organization_seats(uuid, timestamptz) from public;
grant execute on function private.organization_seats(uuid, timestamptz) to authenticated, service_role;

-- For the service role alone: the link in the mail begins with p_site_url, and an inviter who could call
-- this would have the platform mail links to anywhere.
create or replace function public.send_org_invite(
  p_inviter_id uuid,
  p_organization_id uuid,
  p_email text,
  p_role public.org_role,
  p_site_url text,
  p_now timestamptz default now()
)
returns public.org_invite_sending
language plpgsql
security definer -- what it calls is nobody's to call
set search_path = ''
as $$
declare
  v_result public.org_invite_sending;
  v_email constant text := lower(btrim(p_email));
  v_organization public.organizations;
  v_invite public.organization_invites;
begin
  -- Who may not invite learns nothing of the organisation, not even whether there is one.
  v_result.code := case
    when private.is_disabled(p_inviter_id, p_now)
      or not exists (select from auth.users u where u.id = p_inviter_id)
      then 'account_disabled'
    when not private.may_invite(p_inviter_id, p_organization_id) then 'forbidden'
    when not private.may_invite(p_inviter_id, p_organization_id, p_role) then 'role_not_allowed'
  end;
  if v_result.code is not null then
    return v_result;
  end if;

  -- The organisation first, as everything that takes a seat does, so that the last is not promised twice.
  select * into v_organization from public.organizations o
  where o.id = p_organization_id
  for no key update;
  v_result.code := case
    when not found then 'not_found'
    when not v_organization.is_active then 'organization_inactive'
    when not private.count_invite_attempt(p_inviter_id, p_organization_id, v_email, p_now)
      or not private.may_mail(private.mail_actor(p_inviter_id), v_email, 0)
      then 'rate_limited'
  end;
  if v_result.code is not null then
    return v_result;
  end if;

  select * into v_invite from public.organization_invites i
  where i.organization_id = p_organization_id and lower(i.email) = v_email and i.is_open
  for update;
  v_result.code := case
    -- sending an admin's invitation again would make a manager's of it
    when v_invite.id is not null
      and not private.may_invite(p_inviter_id, p_organization_id, v_invite.role)
      then 'role_not_allowed'
    else private.uninvitable_code(
      p_organization_id, v_email, coalesce(v_invite.expires_at > p_now, false), p_now
    )
  end;
  if v_result.code is not null then
    return v_result;
  end if;

  if v_invite.id is null then
    v_result.code := 'sent';
    insert into public.organization_invites (
      organization_id, email, role, invited_by, expires_at, created_at
    )
    values (p_organization_id, v_email, p_role, p_inviter_id, p_now + interval '7 days', p_now)
    returning * into v_invite;
  else
    v_result.code := 'resent';
    update public.organization_invites i
    set role = p_role, invited_by = p_inviter_id, expires_at = p_now + interval '7 days',
      token = gen_random_uuid()
    where i.id = v_invite.id
    returning i.* into v_invite;
  end if;

  v_result.invite_id := v_invite.id;
  -- The token is in v_invite and in this mail, and nowhere else.
  v_result.is_mail_queued := private.queue_mail(
    p_recipient_email => v_email,
    p_recipient_name => null,
    p_template_key => 'org_invite',
    p_data => jsonb_build_object(
      'organizationName', v_organization.name,
      'roleDisplay', private.org_role_name(p_role),
      'currentYear', extract(year from p_now at time zone 'UTC')::text
    ),
    p_secrets => jsonb_build_object(
      'inviteLink', p_site_url || '/accept-invite?token=' || v_invite.token
    ),
    p_for_user_id => p_inviter_id
  ) is not null;
  return v_result;
end
$$;
comment on function public.send_org_invite(uuid, uuid, text, public.org_role, text, timestamptz) is
  'send-org-invite: invites an address for 7 days and queues the mail, or prolongs the open invitation and '
  'mails one more link to it; the former links go on working.';
revoke execute on function public.send_org_invite(uuid, uuid, text, public.org_role, text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.send_org_invite(uuid, uuid, text, public.org_role, text, timestamptz)
  to service_role;

create or replace function private.uninvitable_code(
  p_organization_id uuid, p_email text, p_has_seat boolean, p_now timestamptz
)
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  v_person_id uuid;
  v_member public.organization_members;
  v_seats record;
begin
  select p.id into v_person_id from public.profiles p where lower(p.email) = p_email;
  select * into v_member from public.organization_members m where m.user_id = v_person_id;
  select * into v_seats from private.organization_seats(p_organization_id, p_now);
  return case
    when v_member.organization_id = p_organization_id and v_member.is_active then 'already_member'
    -- One code for both: where else a person is, and whether disabled, is nobody else's business.
    when v_member.organization_id <> p_organization_id or private.is_disabled(v_person_id, p_now)
      then 'invitee_unavailable'
    when not p_has_seat and v_seats.members + v_seats.held >= v_seats.max_members then 'seats_full'
    when v_member.sponsored_plan_id is not null and v_seats.sponsored >= v_seats.max_sponsored
      then 'seats_full'
  end;
end
$$;
comment on function private.uninvitable_code(uuid, text, boolean, timestamptz) is
  'Why whoever owns the address could not accept; null where nothing is in the way. p_has_seat: a pending '
  'invitation holds one already.';
revoke execute on function private.uninvitable_code(uuid, text, boolean, timestamptz) from public;

create or replace function private.withdraw_org_invite(p_id uuid)
returns public.org_invite_change
language plpgsql
security definer -- invitations are nobody's to write
set search_path = ''
as $$
declare
  v_invite public.organization_invites;
  v_code text;
begin
  select * into v_invite from public.organization_invites i where i.id = p_id for update;
  if not found or private.is_disabled(auth.uid())
    or not (
      private.has_role(auth.uid(), 'admin')
      or private.is_org_admin_or_manager(auth.uid(), v_invite.organization_id)
    )
  then
    return private.org_invite_refusal('invite_not_found');
  end if;
  if not private.may_invite(auth.uid(), v_invite.organization_id, v_invite.role) then
    return private.org_invite_refusal('forbidden');
  end if;

  v_code := private.closed_invite_code(v_invite);
  if v_code in ('invite_used', 'invite_declined') then
    return private.org_invite_refusal(v_code);
  end if;
  if v_code is distinct from 'invite_withdrawn' then
    update public.organization_invites set withdrawn_at = now() where id = v_invite.id;
  end if;
  return row(true, 'withdrawn', null)::public.org_invite_change;
end
$$;
comment on function private.withdraw_org_invite(uuid) is
  'Withdraws an invitation, for whoever may send it. Its links are dead and its seat is free again.';
revoke execute on function private.withdraw_org_invite(uuid) from public;
grant execute on function private.withdraw_org_invite(uuid) to authenticated;

create or replace function public.withdraw_org_invite(p_id uuid)
returns public.org_invite_change
language sql
set search_path = ''
begin atomic
  select private.withdraw_org_invite(p_id);
end;
comment on function public.withdraw_org_invite(uuid) is
  'Withdraws an invitation, for whoever may send it. Its links are dead and its seat is free again.';
revoke execute on function public.withdraw_org_invite(uuid) from public, anon, authenticated, service_role;
grant execute on function public.withdraw_org_invite(uuid) to authenticated;

-- Triggers ----------------------------------------------------------------------------------------

create or replace trigger audit_writes
  after insert or update or delete on public.org_platform_tiers
  for each row execute function private.audit_writes();
create or replace trigger update_org_platform_tiers_updated_at
  before update on public.org_platform_tiers
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.organizations
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes();
create or replace trigger guard_columns
  before update on public.organizations
  for each row execute function private.guard_columns('is_active', 'industry', 'size_range');
create or replace trigger update_organizations_updated_at
  before update on public.organizations
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.organization_invites
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger keep_token
  after insert or update on public.organization_invites
  for each row
  when (new.token is not null)
  execute function private.keep_invite_token();
create or replace trigger update_org_platform_subscriptions_updated_at
  before update on public.org_platform_subscriptions
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.organization_members
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes();
create or replace trigger guard_reactivation
  before update on public.organization_members
  for each row
  when (new.is_active and not old.is_active)
  execute function private.guard_reactivation();
create or replace trigger guard_seats_on_insert
  after insert on public.organization_members
  for each row
  when (new.is_active)
  execute function private.guard_seats();
create or replace trigger guard_seats_on_update
  after update on public.organization_members
  for each row
  when (
    new.is_active
    and (
      not old.is_active
      or old.organization_id <> new.organization_id
      or (old.sponsored_plan_id is null and new.sponsored_plan_id is not null)
    )
  )
  execute function private.guard_seats();
create or replace trigger keep_an_admin_on_update
  after update on public.organization_members
  for each row
  when (
    old.role = 'org_admin' and old.is_active and (new.role <> 'org_admin' or not new.is_active)
  )
  execute function private.keep_an_org_admin();
create or replace trigger update_organization_members_updated_at
  before update on public.organization_members
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.organization_programs
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger update_organization_programs_updated_at
  before update on public.organization_programs
  for each row execute function public.update_updated_at_column();
create or replace trigger update_organization_terms_updated_at
  before update on public.organization_terms
  for each row execute function public.update_updated_at_column();

-- What needs the functions above ------------------------------------------------------------------

-- The links sent before go on working, by the hashes of their tokens (the trigger keep_token).
update public.organization_invites set token = token where token is not null;

-- Once, before the key of open invitations is there: later an inviter may lose the right and the invitation stays.
do $$
begin
  if to_regclass('public.organization_invites_open_key') is not null then
    return;
  end if;

  -- What a manager promised and cannot keep: an admin is not theirs to make.
  update public.organization_invites i
  set withdrawn_at = now()
  where i.is_open and i.role = 'org_admin'
    and not private.may_invite(i.invited_by, i.organization_id, i.role);

  -- Of invitations whose addresses differ by case alone the newest stays, and takes over the others' links.
  with open_invites as (
    select i.id, first_value(i.id) over (
        partition by i.organization_id, lower(i.email)
        order by i.expires_at desc, i.created_at desc nulls last, i.id
      ) as kept_id
    from public.organization_invites i
    where i.is_open
  ),
  carried_over as (
    update private.organization_invite_tokens t
    set invite_id = o.kept_id
    from open_invites o
    where t.invite_id = o.id and o.id <> o.kept_id
  )
  update public.organization_invites i
  set withdrawn_at = now()
  from open_invites o
  where i.id = o.id and o.id <> o.kept_id;
end
$$;

-- One open invitation an address and organization, and no closed one that blocks the address for ever.
select private.ensure_index(
  $$create unique index organization_invites_open_key
    on public.organization_invites (organization_id, lower(email)) where is_open$$
);
select private.drop_unique_keys('public.organization_invites', '{organization_id,email}');
