create or replace function private.wheel_of_life_scores(p_user_id uuid)
returns table (key text, label text, score integer)
language sql
stable
set search_path = ''
as $$
  select domain.key, coalesce(c.name, domain.label), (newest.scores ->> domain.key)::integer
  from (
    select to_jsonb(s) as scores
    from public.wheel_of_life_snapshots s
    where s.user_id = p_user_id
    order by s.snapshot_date desc, s.created_at desc
    limit 1
  ) newest
  cross join (
    values
      ('health_fitness', 'Health & Fitness', 1),
      ('career_business', 'Career & Business', 2),
      ('finances', 'Finances', 3),
      ('relationships', 'Relationships', 4),
      ('personal_growth', 'Personal Growth', 5),
      ('fun_recreation', 'Fun & Recreation', 6),
      ('physical_environment', 'Physical Environment', 7),
      ('family_friends', 'Family & Friends', 8),
      ('spirituality', 'Spirituality', 9), -- of a later schema; absent, it has no score
      ('romance', 'Romance', 10),
      ('contribution', 'Contribution', 11)
  ) as domain (key, label, position)
  left join public.wheel_categories c on c.key = domain.key
  where (newest.scores ->> domain.key)::integer > 0
  order by domain.position;
$$;
comment on function private.wheel_of_life_scores(uuid) is
  'The scores (1 to 10) of a user''s newest snapshot of the wheel of life, by snapshot_date, one row a '
  'domain that has one.';
revoke execute on function private.wheel_of_life_scores(uuid) from public;
