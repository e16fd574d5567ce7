create or replace function private.health_of_audit(p_name text, p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
as $$
  select
    null,
    case
      when a.violations > 0 or a.error is not null then 'red'
      when a.checked_at >= p_now - interval '26 hours' then 'green'
      else 'amber'
    end,
    coalesce(a.violations, 0), a.first_violation, a.checked_at,
    case
      when a.violations > 0 then a.violations || ' violations, one of them: ' || a.first_violation || '.'
      when a.error is not null then 'The audit failed with ' || a.error || '.'
      when a.checked_at is null then 'It has not been audited yet.'
      when a.checked_at < p_now - interval '26 hours' then 'It has not been audited for more than 26 hours.'
      else 'Sound when last audited.'
    end
  from (values (p_name)) as w (name)
  left join private.operations_audits a on a.name = w.name;
$$;
comment on function private.health_of_audit(text, timestamptz) is
  'What the last record_operations_audits() found, and whether that was within 26 hours.';
revoke execute on function private.health_of_audit(text, timestamptz) from public;

create or replace function private.health_of_credit_ledger(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
return private.health_of_audit('credit_ledger', p_now);
comment on function private.health_of_credit_ledger(timestamptz) is
  'Whether check_credit_ledger() finds nothing.';
revoke execute on function private.health_of_credit_ledger(timestamptz) from public;

create or replace function private.health_of_profiles(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
return private.health_of_audit('profiles', p_now);
comment on function private.health_of_profiles(timestamptz) is 'Whether profiles says what auth.users says.';
revoke execute on function private.health_of_profiles(timestamptz) from public;

create or replace function private.health_of_addresses(p_now timestamptz)
returns private.operations_check
language plpgsql
stable
set search_path = ''
as $$
declare
  v_check private.operations_check := private.health_of_audit('addresses', p_now);
begin
  if v_check.number > 0 then -- somebody has to talk to these people: nothing is broken
    v_check.status := 'amber';
  end if;
  return v_check;
end
$$;
comment on function private.health_of_addresses(timestamptz) is
  'Whether no two users have addresses that differ by case alone.';
revoke execute on function private.health_of_addresses(timestamptz) from public;
