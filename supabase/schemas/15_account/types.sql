create type public.user_action_result as (code text, retry_after integer, done jsonb, left_behind jsonb);
comment on type public.user_action_result is
  'code: ok, or why nothing was done. done: table.column → what became of how many rows. left_behind: what '
  'somebody has to look at. Both only for a deletion.';
