create or replace function private.health_of_bans(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
-- Not begin atomic: it would pin columns of auth.users, which Supabase Auth migrates.
as $$
  select
    null,
    case
      when min(u.banned_until) < p_now - interval '1 hour' then 'red' when count(*) > 0 then 'amber' else 'green'
    end,
    count(*), null, min(u.banned_until),
    case
      when count(*) > 0 then count(*) || ' people whose ban has run out are still shown as disabled.'
      else 'Every ban that has run out is lifted.'
    end
  from public.profiles p
  -- one look each, however many users the planner expects to be banned
  cross join lateral (select b.banned_until, b.deleted_at from auth.users b where b.id = p.id limit 1) u
  where p.is_disabled and u.deleted_at is null and u.banned_until < p_now - interval '5 minutes';
$$;
comment on function private.health_of_bans(timestamptz) is
  'Bans that ran out more than five minutes ago and that lift_lapsed_bans() has not lifted.';
revoke execute on function private.health_of_bans(timestamptz) from public;
