create or replace function private.settle_stripe_events(p_subjects text[])
returns void
language sql
volatile
set search_path = ''
as $$
  update public.stripe_events set status = 'applied', outcome = 'settled_later'
  where subject = any (p_subjects) and status = 'unmatched' and outcome <> 'unknown_values';
$$;
comment on function private.settle_stripe_events(text[]) is 'What waited for a missing piece waits no more.';
revoke execute on function private.settle_stripe_events(text[]) from public;
