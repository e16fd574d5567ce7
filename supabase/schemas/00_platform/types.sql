create type public.decision_status as enum ('upcoming', 'in_progress', 'made', 'cancelled');

create type public.goal_status as enum ('not_started', 'in_progress', 'completed', 'paused');

create type public.goal_timeframe as enum ('short', 'medium', 'long');

create type public.importance_level as enum ('low', 'medium', 'high', 'critical');

create type public.module_type as enum (
  'session', 'assignment', 'reflection', 'resource', 'content', 'coaching'
);

create type public.task_quadrant as enum (
  'important_urgent', 'important_not_urgent', 'not_important_urgent', 'not_important_not_urgent'
);

create type public.task_source_type as enum ('decision', 'goal', 'program', 'manual');

create type public.task_status as enum ('todo', 'in_progress', 'done', 'blocked');

create type public.urgency_level as enum ('low', 'medium', 'high');
