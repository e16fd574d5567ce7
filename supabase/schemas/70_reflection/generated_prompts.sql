create table public.generated_prompts (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  prompt_text text not null,
  prompt_context jsonb default '{}',
  period_type text not null check (period_type in ('weekly', 'monthly', 'on_demand')),
  period_start date not null,
  status text not null default 'pending' check (status in ('pending', 'answered', 'skipped', 'expired')),
  response_item_id uuid,
  generated_at timestamptz not null default now(),
  answered_at timestamptz,
  skipped_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint generated_prompts_texts_check check (char_length(prompt_text) <= 5000),
  constraint generated_prompts_times_check check (
    answered_at between '2000-01-01+00' and '2100-01-01+00'
    and skipped_at between '2000-01-01+00' and '2100-01-01+00'
  )
);

comment on table public.generated_prompts is
  'Reflection prompts made for a user. No unique key on user, period_type and period_start.';

create unique index generated_prompts_pending_key
  on public.generated_prompts (user_id, period_type, period_start) where status = 'pending';
create index generated_prompts_response_item_id_idx
  on public.generated_prompts (response_item_id)
  where response_item_id is not null;
create index generated_prompts_user_id_idx on public.generated_prompts (user_id);

alter table public.generated_prompts enable row level security;
revoke all on table public.generated_prompts from public, anon, authenticated, service_role;
-- Prompts are made by save_reflection_prompt; what became of one is its reader's to say.
grant select, update (status, answered_at, skipped_at, response_item_id)
  on table public.generated_prompts to authenticated;
grant all on table public.generated_prompts to service_role;

create policy "select" on public.generated_prompts for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
create policy "update" on public.generated_prompts for update to authenticated
  using (user_id = (select auth.uid()))
  with check (
    user_id = (select auth.uid())
    and (response_item_id is null or private.owns_development_item(response_item_id))
  );

create or replace trigger update_generated_prompts_updated_at
  before update on public.generated_prompts
  for each row execute function public.update_updated_at_column();
