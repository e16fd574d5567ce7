create table public.guided_path_survey_responses (
  id uuid primary key default gen_random_uuid()
);

comment on table public.guided_path_survey_responses is
  'Answers to the survey that leads to a guided path. Only the key is here: production has more columns.';

alter table public.guided_path_survey_responses enable row level security;
revoke all on table public.guided_path_survey_responses from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.guided_path_survey_responses to authenticated;
grant all on table public.guided_path_survey_responses to service_role;

create policy "all" on public.guided_path_survey_responses for all to authenticated using ((select private.is_admin()));
