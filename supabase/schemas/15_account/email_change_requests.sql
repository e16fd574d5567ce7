create table public.email_change_requests (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  old_email text not null,
  new_email text not null,
  verification_token text not null,
  expires_at timestamptz not null,
  created_at timestamptz default now(),
  token_hash text,
  verified_at timestamptz,
  session_id uuid,
  claim_id uuid,
  claimed_at timestamptz,
  constraint email_change_requests_verification_token_key unique (verification_token)
);

comment on table public.email_change_requests is
  'Changes of address that were asked for. One open request a user; verified ones stay.';
comment on column public.email_change_requests.verification_token is
  'SHA-256 of the token in the link, in hex.';
comment on column public.email_change_requests.token_hash is 'The same; the former web app wrote both.';
comment on column public.email_change_requests.session_id is
  'Where it was asked for: the session that goes on when the others end.';
comment on column public.email_change_requests.claim_id is
  'The use of the link that is under way since claimed_at.';

create unique index email_change_requests_open_key
  on public.email_change_requests (user_id) where verified_at is null;
create index email_change_requests_user_id_idx on public.email_change_requests (user_id);

alter table public.email_change_requests enable row level security;
revoke all on table public.email_change_requests from public, anon, authenticated, service_role;
grant delete on table public.email_change_requests to authenticated;
grant all on table public.email_change_requests to service_role;
grant select (
  id, user_id, old_email, new_email, expires_at, created_at, verified_at
) on table public.email_change_requests to authenticated;

create policy "select" on public.email_change_requests for select to authenticated
  using (user_id = (select auth.uid()));
create policy "delete" on public.email_change_requests for delete to authenticated
  using (user_id = (select auth.uid()) and verified_at is null and claim_id is null);
