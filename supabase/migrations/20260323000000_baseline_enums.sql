-- Baseline: the enums, and the trigger function that keeps updated_at, as production had them before the
-- audit. They come first because every other file needs them.
--
-- Production has this already: there the file is marked as applied and never runs.
-- Locks: none on tables. Can be run again: a type that exists is left as it is.

do $$
begin
  if to_regtype('public.app_role') is null then
    create type public.app_role as enum ('admin', 'coach', 'client', 'instructor');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.decision_status') is null then
    create type public.decision_status as enum ('upcoming', 'in_progress', 'made', 'cancelled');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.enrollment_status') is null then
    create type public.enrollment_status as enum ('active', 'completed', 'paused');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.goal_category') is null then
    create type public.goal_category as enum (
      'family_home', 'financial_career', 'mental_educational', 'spiritual_ethical', 'social_cultural',
      'physical_health', 'health_fitness', 'career_business', 'finances', 'relationships',
      'personal_growth', 'fun_recreation', 'physical_environment', 'family_friends', 'romance',
      'contribution'
    );
  end if;
end
$$;

do $$
begin
  if to_regtype('public.goal_priority') is null then
    create type public.goal_priority as enum ('low', 'medium', 'high');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.goal_status') is null then
    create type public.goal_status as enum ('not_started', 'in_progress', 'completed', 'paused');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.goal_timeframe') is null then
    create type public.goal_timeframe as enum ('short', 'medium', 'long');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.group_join_type') is null then
    create type public.group_join_type as enum ('invitation_only', 'open');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.group_member_role') is null then
    create type public.group_member_role as enum ('member', 'leader');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.group_membership_status') is null then
    create type public.group_membership_status as enum ('active', 'pending', 'left');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.group_status') is null then
    create type public.group_status as enum ('draft', 'active', 'completed', 'archived');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.importance_level') is null then
    create type public.importance_level as enum ('low', 'medium', 'high', 'critical');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.learning_mode') is null then
    create type public.learning_mode as enum (
      'group_independent', 'group_supervised', 'individual', 'asynchronous'
    );
  end if;
end
$$;

do $$
begin
  if to_regtype('public.milestone_status') is null then
    create type public.milestone_status as enum ('not_started', 'in_progress', 'completed');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.module_type') is null then
    create type public.module_type as enum (
      'session', 'assignment', 'reflection', 'resource', 'content', 'coaching'
    );
  end if;
end
$$;

do $$
begin
  if to_regtype('public.org_role') is null then
    create type public.org_role as enum ('org_admin', 'org_manager', 'org_member');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.program_category') is null then
    create type public.program_category as enum ('cta', 'leadership', 'executive', 'ai', 'deep-dive');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.progress_status') is null then
    create type public.progress_status as enum ('not_started', 'in_progress', 'completed');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.task_quadrant') is null then
    create type public.task_quadrant as enum (
      'important_urgent', 'important_not_urgent', 'not_important_urgent', 'not_important_not_urgent'
    );
  end if;
end
$$;

do $$
begin
  if to_regtype('public.task_source_type') is null then
    create type public.task_source_type as enum ('decision', 'goal', 'program', 'manual');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.task_status') is null then
    create type public.task_status as enum ('todo', 'in_progress', 'done', 'blocked');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.urgency_level') is null then
    create type public.urgency_level as enum ('low', 'medium', 'high');
  end if;
end
$$;

do $$
begin
  if to_regtype('public.user_status') is null then
    create type public.user_status as enum ('active', 'inactive');
  end if;
end
$$;

create or replace function public.update_updated_at_column()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  new.updated_at = now();
  return new;
end
$$;
revoke execute on function public.update_updated_at_column() from public, anon, authenticated;
