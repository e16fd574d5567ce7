create table public.notifications (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  notification_type_id uuid references public.notification_types (id) on delete set null,
  title text not null,
  message text,
  link text,
  metadata jsonb default '{}',
  is_read boolean default false,
  read_at timestamptz,
  email_sent boolean default false,
  email_sent_at timestamptz,
  email_error text,
  created_at timestamptz default now(),
  dedupe_key text,
  constraint notifications_times_check check (read_at between '2000-01-01 00:00+00' and '2100-01-01 00:00+00')
);

comment on table public.notifications is
  'What a user is told in the app. There is no type and no data column: notification_type_id, metadata.';
comment on column public.notifications.dedupe_key is
  'What this tells of, e.g. session-moved:<id>:<time>: a person is told it once. Null: no rule.';

create unique index notifications_user_id_dedupe_key_key
  on public.notifications (user_id, dedupe_key) where dedupe_key is not null;
create index notifications_user_id_idx on public.notifications (user_id);

alter table public.notifications enable row level security;
revoke all on table public.notifications from public, anon, authenticated, service_role;
grant select, delete on table public.notifications to authenticated;
grant update (is_read, read_at) on table public.notifications to authenticated;
grant all on table public.notifications to service_role;

create policy "select" on public.notifications for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
create policy "update" on public.notifications for update to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
create policy "delete" on public.notifications for delete to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
