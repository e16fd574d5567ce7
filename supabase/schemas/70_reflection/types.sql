create type public.goal_category as enum (
  'family_home', 'financial_career', 'mental_educational', 'spiritual_ethical', 'social_cultural',
  'physical_health', 'health_fitness', 'career_business', 'finances', 'relationships',
  'personal_growth', 'fun_recreation', 'physical_environment', 'family_friends', 'romance',
  'contribution'
);

create type public.goal_priority as enum ('low', 'medium', 'high');

create type public.milestone_status as enum ('not_started', 'in_progress', 'completed');
