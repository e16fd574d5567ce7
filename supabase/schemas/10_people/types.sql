create type public.user_status as enum ('active', 'inactive');
