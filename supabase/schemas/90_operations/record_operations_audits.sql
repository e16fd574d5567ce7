create or replace function private.profile_violations(p_now timestamptz)
returns table (subject_id uuid, violation text)
language sql
stable
set search_path = ''
-- Not begin atomic: it would pin columns of auth.users, which Supabase Auth migrates.
as $$
  select a.user_id,
    case
      when p.id is null then 'no profile'
      when p.email is distinct from a.email then 'another address'
      else 'disabled in one of both'
    end
  from private.auth_profiles(p_now) a
  join auth.users u on u.id = a.user_id
  left join public.profiles p on p.id = a.user_id
  where case
    when p.id is null then not a.is_deleted
    else p.email is distinct from a.email
      -- a ban that has just run out waits a minute for lift_lapsed_bans()
      or p.is_disabled not in (
        a.is_disabled, private.is_banned(u.banned_until, u.deleted_at, p_now - interval '5 minutes')
      )
  end;
$$;
comment on function private.profile_violations(timestamptz) is
  'Where profiles does not say what auth.users says; nothing on a sound database. reconcile_auth_profiles() '
  'heals it.';
revoke execute on function private.profile_violations(timestamptz) from public;

create or replace function private.shared_addresses()
returns table (subject_id uuid)
language sql
stable
set search_path = ''
as $$
  select s.id
  from (
    select u.id, row_number() over (
        partition by lower(u.email) order by u.created_at, u.id
      ) as place
    from auth.users u
    -- a single sign-on user may share the address of another by design
    where u.email <> '' and u.deleted_at is null and not u.is_sso_user
  ) s
  where s.place > 1
$$;
comment on function private.shared_addresses() is
  'Users whose address in Auth differs from an older user''s by case alone. profiles.email is the older one''s, so no mail reaches them.';
revoke execute on function private.shared_addresses() from public;

create or replace function public.record_operations_audits(p_now timestamptz default now())
returns bigint
language plpgsql
security definer -- private.operations_audits is nobody's to write
set search_path = ''
as $$
declare
  v_name text;
  v_audit private.operations_audits;
  v_violations bigint := 0;
begin
  foreach v_name in array array['addresses', 'credit_ledger', 'profiles'] loop
    v_audit := row(v_name, p_now, null, null, null)::private.operations_audits;
    begin
      case v_name
        when 'addresses' then
          select count(*), min('no address of their own: ' || a.subject_id)
          into v_audit.violations, v_audit.first_violation
          from private.shared_addresses() a;
        when 'credit_ledger' then
          select count(*), min(c.violation || ': ' || c.subject_id) into v_audit.violations, v_audit.first_violation
          from public.check_credit_ledger() c;
        when 'profiles' then
          select count(*), min(c.violation || ': ' || c.subject_id) into v_audit.violations, v_audit.first_violation
          from private.profile_violations(p_now) c;
      end case;
    exception
      when others then -- recorded, and the next audit has its turn
        v_audit.error := sqlstate;
    end;
    insert into private.operations_audits values (v_audit.*)
    on conflict (name) do update
    set checked_at = excluded.checked_at, violations = excluded.violations,
      first_violation = excluded.first_violation, error = excluded.error;
    v_violations := v_violations + coalesce(v_audit.violations, 1);
  end loop;
  return v_violations;
end
$$;
comment on function public.record_operations_audits(timestamptz) is
  'Audits addresses, the credit ledger and the profiles, and keeps what it found for operations_health. '
  'pg_cron calls it each night, an operator after a repair. Returns how much is wrong.';
revoke execute on function public.record_operations_audits(timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.record_operations_audits(timestamptz) to service_role;
