create type public.group_join_type as enum ('invitation_only', 'open');

create type public.group_member_role as enum ('member', 'leader');

create type public.group_membership_status as enum ('active', 'pending', 'left');

create type public.group_status as enum ('draft', 'active', 'completed', 'archived');
