create or replace function private.resolve_calcom_booking(
  p_id uuid, p_decided jsonb, p_dismiss boolean, p_now timestamptz
)
returns public.calcom_event_result
language plpgsql
security definer -- admins may read reviews and write none: this is the one way
set search_path = ''
as $$
declare
  v_review public.calcom_reviews;
  v_known jsonb;
  v_settlement private.calcom_settlement;
  v_result public.calcom_event_result;
begin
  if auth.uid() is not null and not private.has_role(auth.uid(), 'admin') then
    v_result.code := 'forbidden';
    return v_result;
  end if;

  perform private.lock_calcom_lineages(p_alone => false);
  perform from public.calcom_lineages l
  where l.id = (select r.lineage_id from public.calcom_reviews r where r.id = p_id)
  for update;
  select r.* into v_review from public.calcom_reviews r where r.id = p_id and r.resolved_at is null;
  if not found then
    v_result.code := 'not_found';
    return v_result;
  end if;
  v_result.booking_uid := v_review.booking_uid;
  v_result.review_id := p_id;

  if p_dismiss then
    perform private.close_calcom_review(v_review.lineage_id, 'dismissed', auth.uid(), p_now);
    v_result.status := 'ignored';
    return v_result;
  end if;

  if exists (
    select from jsonb_each_text(p_decided) choice
    where not case choice.key
      when 'user_id' then exists (select from public.profiles p where p.id = choice.value::uuid)
      when 'host_id' then exists (select from public.profiles p where p.id = choice.value::uuid)
      when 'mapping_id' then exists (
        select from public.calcom_event_type_mappings m where m.id = choice.value::uuid and m.is_active
      )
      when 'module_id' then exists (select from public.program_modules m where m.id = choice.value::uuid)
      when 'group_id' then exists (select from public.groups g where g.id = choice.value::uuid)
      else exists (
        select from public.client_enrollments e
        where e.id = choice.value::uuid
          and e.client_user_id = coalesce((p_decided ->> 'user_id')::uuid, e.client_user_id)
      )
    end
  ) then
    v_result.code := 'invalid_choice';
    return v_result;
  end if;

  -- Somebody may have signed up since, under the address that Cal.com gave.
  v_known := jsonb_strip_nulls(jsonb_build_object(
    'user_id', private.user_of_email(v_review.attendee_email),
    'host_id', private.user_of_email(v_review.organizer_email)
  ));
  update public.calcom_lineages l set decided = v_known || l.decided || p_decided
  where l.id = v_review.lineage_id;

  v_settlement := private.settle_or_review(v_review.lineage_id, p_now);
  v_result.status := v_settlement.status;
  v_result.session_id := v_settlement.session_id;
  v_result.missing := v_settlement.missing;
  update public.calcom_reviews r set resolved_by = auth.uid()
  where r.id = p_id and r.resolved_at is not null;
  return v_result;
end
$$;
comment on function private.resolve_calcom_booking(uuid, jsonb, boolean, timestamptz) is
  'Finishes a booking in review with what an operator decided; see public.resolve_calcom_booking.';
revoke execute on function private.resolve_calcom_booking(uuid, jsonb, boolean, timestamptz) from public;
grant execute on function private.resolve_calcom_booking(uuid, jsonb, boolean, timestamptz)
  to authenticated, service_role;

create or replace function public.resolve_calcom_booking(
  p_id uuid,
  p_user_id uuid default null,
  p_enrollment_id uuid default null,
  p_host_id uuid default null,
  p_mapping_id uuid default null,
  p_module_id uuid default null,
  p_group_id uuid default null,
  p_dismiss boolean default false
)
returns public.calcom_event_result
language sql
volatile
set search_path = ''
begin atomic
  select private.resolve_calcom_booking(
    p_id,
    jsonb_strip_nulls(jsonb_build_object(
      'user_id', p_user_id, 'enrollment_id', p_enrollment_id, 'host_id', p_host_id,
      'mapping_id', p_mapping_id, 'module_id', p_module_id, 'group_id', p_group_id
    )),
    p_dismiss,
    now()
  );
end;
comment on function public.resolve_calcom_booking(uuid, uuid, uuid, uuid, uuid, uuid, uuid, boolean) is
  'An admin finishes a booking in review (calcom_reviews.id): says what was missing, or nothing once a '
  'mapping was switched on or somebody signed up; p_dismiss closes it. The decision holds for later '
  'reschedules of the same booking. Nothing is cancelled at Cal.com.';
revoke execute on function public.resolve_calcom_booking(uuid, uuid, uuid, uuid, uuid, uuid, uuid, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.resolve_calcom_booking(uuid, uuid, uuid, uuid, uuid, uuid, uuid, boolean)
  to authenticated, service_role;
