create or replace function private.save_reflection_prompt(
  p_period_type text,
  p_period_start date,
  p_text text,
  p_source text,
  p_replace boolean,
  p_now timestamptz
)
returns jsonb
language plpgsql
security definer -- users may not write prompts
set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_prompt public.generated_prompts;
begin
  if v_user_id is null
    or p_period_type not in ('weekly', 'monthly')
    or p_source not in ('ai', 'fallback')
    or abs(p_period_start - p_now::date) > 40
  then
    raise exception 'no prompt of the caller''s present period' using errcode = 'invalid_parameter_value';
  end if;

  -- side by side, the later replaces what the earlier saved
  perform pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('reflection-prompt:' || v_user_id, 0)
  );
  if p_replace then
    update public.generated_prompts p
    set status = 'expired'
    where p.user_id = v_user_id
      and p.period_type = p_period_type
      and p.period_start = p_period_start
      and p.status = 'pending';
  end if;

  insert into public.generated_prompts (
    user_id, prompt_text, prompt_context, period_type, period_start, generated_at
  )
  values (
    v_user_id, p_text, jsonb_build_object('source', p_source), p_period_type, p_period_start, p_now
  )
  on conflict (user_id, period_type, period_start) where status = 'pending' do nothing
  returning * into v_prompt;
  if found then
    return jsonb_build_object('prompt', to_jsonb(v_prompt), 'is_new', true);
  end if;

  select p.* into strict v_prompt
  from public.generated_prompts p
  where p.user_id = v_user_id
    and p.period_type = p_period_type
    and p.period_start = p_period_start
    and p.status = 'pending';
  return jsonb_build_object('prompt', to_jsonb(v_prompt), 'is_new', false);
end
$$;
comment on function private.save_reflection_prompt(text, date, text, text, boolean, timestamptz) is
  'See public.save_reflection_prompt.';
revoke execute on function private.save_reflection_prompt(text, date, text, text, boolean, timestamptz)
  from public;
grant execute on function private.save_reflection_prompt(text, date, text, text, boolean, timestamptz)
  to authenticated;

create or replace function public.save_reflection_prompt(
  p_period_type text, p_period_start date, p_text text, p_source text, p_replace boolean default false
)
returns jsonb
language sql
set search_path = ''
begin atomic
  select private.save_reflection_prompt(p_period_type, p_period_start, p_text, p_source, p_replace, now());
end;
comment on function public.save_reflection_prompt(text, date, text, text, boolean) is
  'generate-reflection-prompt, second half: saves the caller''s prompt of the period, or answers the one '
  'that was saved meanwhile: { prompt, is_new }. p_replace expires the pending one. p_source: ai or '
  'fallback.';
revoke execute on function public.save_reflection_prompt(text, date, text, text, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.save_reflection_prompt(text, date, text, text, boolean) to authenticated;
