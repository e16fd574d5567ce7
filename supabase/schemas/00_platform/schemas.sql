-- Functions may name tables that a later file makes: `deno task schema` checks every body at the end.
set check_function_bodies = off;

create schema private;
comment on schema private is 'Helpers and tables that the Data API does not expose.';
revoke all on schema private from public;
grant usage on schema private to anon, authenticated, service_role;
