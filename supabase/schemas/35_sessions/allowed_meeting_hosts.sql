create table private.allowed_meeting_hosts (
  host text primary key check (host ~ '^[a-z0-9-]+(\.[a-z0-9-]+)+$')
);

comment on table private.allowed_meeting_hosts is
  'Where links that users write into sessions may lead: these hosts and their subdomains. An operator adds '
  'to them; reference_data.sql has the first ones.';

alter table private.allowed_meeting_hosts enable row level security;
revoke all on table private.allowed_meeting_hosts from public, anon, authenticated, service_role;
