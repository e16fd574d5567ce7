create or replace function private.enrollment_source(
  p_claimed text, p_client_user_id uuid, p_cohort_id uuid, p_is_trusted boolean
)
returns text
language sql
stable
set search_path = ''
begin atomic
  select case
    when current_setting('role') not in ('anon', 'authenticated') then left(p_claimed, 100) -- the server knows
    when p_client_user_id = (select auth.uid()) then 'self'
    when not p_is_trusted then 'staff'
    when p_claimed = 'waitlist_promotion' and exists (
      select from public.cohort_waitlist w where w.cohort_id = p_cohort_id and w.user_id = p_client_user_id
    ) then 'waitlist_promotion'
    else 'admin'
  end;
end;
comment on function private.enrollment_source(text, uuid, uuid, boolean) is
  'Where an enrollment comes from, as far as it is known: what the caller says counts where the database bears it '
  'out.';
revoke execute on function private.enrollment_source(text, uuid, uuid, boolean) from public;

create or replace function private.referrer(
  p_claimed uuid, p_client_user_id uuid, p_program_id uuid, p_is_trusted boolean
)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select p.id
  from public.profiles p
  where p.id = p_claimed and p.id <> p_client_user_id and p_is_trusted
    and (
      current_setting('role') not in ('anon', 'authenticated') -- the server knows
      or p.id = (select auth.uid())
      or exists (
        select from public.partner_codes c where c.partner_id = p.id and c.program_id = p_program_id
      )
    );
end;
comment on function private.referrer(uuid, uuid, uuid, boolean) is
  'Who sent a client, of an admin or the server: the admin, or a partner of the program. Anybody else is not kept.';
revoke execute on function private.referrer(uuid, uuid, uuid, boolean) from public;
