create type public.org_invite_change as (
  success boolean,
  code text, -- declined | account_disabled | invite_not_found | wrong_address | email_unverified
             -- withdrawn | invite_not_found | forbidden
             -- both: invite_used | invite_declined | invite_withdrawn | invite_expired
  error text -- a sentence for a person; null on success
);
comment on type public.org_invite_change is 'What decline_org_invite and withdraw_org_invite answer.';
