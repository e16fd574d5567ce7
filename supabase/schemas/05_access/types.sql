create type public.app_role as enum ('admin', 'coach', 'client', 'instructor');

create type public.org_role as enum ('org_admin', 'org_manager', 'org_member');
