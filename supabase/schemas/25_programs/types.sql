create type public.enrollment_status as enum ('active', 'completed', 'paused');

create type public.learning_mode as enum (
  'group_independent', 'group_supervised', 'individual', 'asynchronous'
);

create type public.program_category as enum ('cta', 'leadership', 'executive', 'ai', 'deep-dive');
