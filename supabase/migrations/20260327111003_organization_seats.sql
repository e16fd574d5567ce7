-- Seats: how many members an organisation may have, and how many of them it may sponsor.
--
-- Why: org_platform_tiers.max_members was enforced nowhere; the functions for sponsored seats read "no
-- limit" as none and "no subscription" as no answer, and nothing asked them.
-- Rules: max_members binds as long as the organisation has a tier, whatever became of the subscription:
-- cancelling must not lift the limit. An organisation that never had a tier has no limit, since nothing
-- says which. Sponsoring is paid for, so it needs a running subscription; without one it is 0.
-- In a tier null is no limit, and 0 is none. A pending invitation holds its seat. Who is there already
-- stays: a limit is looked at when somebody takes a seat.
-- Locks: SHARE ROW EXCLUSIVE on organization_members for the triggers. Whoever takes a seat locks the
-- organisation's row. Can be run again.

set lock_timeout = '10s';

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
  'The seats of an organisation: limits (null: none), active members, seats that pending invitations hold, sponsored members.';
revoke execute on function private.organization_seats(uuid, timestamptz) from public, anon;
grant execute on function private.organization_seats(uuid, timestamptz) to authenticated, service_role;

-- The guard -----------------------------------------------------------------------------------------

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
revoke execute on function private.guard_seats() from public, anon, authenticated;

-- After the row, so that an upsert of somebody who is a member already takes no seat.
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

-- The API -------------------------------------------------------------------------------------------

-- Production has these under argument names and results that the web app knows: they keep them.
do $do$
declare
  v_function record;
begin
  for v_function in
    select f.name, f.body, f.comment,
      coalesce(pg_get_function_arguments(p.oid), 'p_org_id uuid') as arguments,
      coalesce(pg_get_function_result(p.oid), f.result) as result
    from (
      values
        (
          'get_org_sponsored_seat_count', 'integer', 'select s.sponsored from private.organization_seats($1) s',
          'How many active members the organisation sponsors.'
        ),
        (
          'get_org_max_sponsored_seats', 'integer', 'select s.max_sponsored from private.organization_seats($1) s',
          'How many members the organisation may sponsor: null is no limit, 0 is none or no running subscription.'
        ),
        (
          'can_assign_sponsored_seat', 'boolean',
          'select coalesce(s.sponsored < s.max_sponsored, true) from private.organization_seats($1) s',
          'Whether the organisation has a sponsored seat left.'
        )
    ) as f (name, result, body, comment)
    left join pg_catalog.pg_proc p
      on p.pronamespace = 'public'::regnamespace and p.proname = f.name
      and p.proargtypes[0] = 'uuid'::regtype and p.pronargs = 1
  loop
    execute format(
      'create or replace function public.%1$I(%2$s) returns %3$s
       language sql stable security invoker set search_path = '''' as %4$L',
      v_function.name, v_function.arguments, v_function.result, v_function.body
    );
    execute format(
      'comment on function public.%I(uuid) is %L', v_function.name,
      v_function.comment || ' As far as the caller sees members and subscription.'
    );
    execute format(
      'revoke execute on function public.%I(uuid) from public, anon', v_function.name
    );
    execute format(
      'grant execute on function public.%I(uuid) to authenticated, service_role', v_function.name
    );
  end loop;
end
$do$;
