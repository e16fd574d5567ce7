import { readDelivery } from "../../supabase/functions/calcom-webhook/delivery.ts";
import { bodyOf } from "./calcom.ts";
import type { Kind, ModelEvent, Standing } from "./calcom_model.ts";
import { type Session, value } from "./sql.ts";

/** People, programme, group and event types that bookings of every kind can be of. */
export interface World {
  host: string;
  /** Who books. */
  client: string;
  /** The other member of the group. */
  other: string;
  eventTypes: Record<Kind, number>;
}

/** What there is to see: sessions with their participants, and everybody's calendar. */
export interface Sight {
  sessions: unknown[];
  calendars: Record<keyof Omit<World, "eventTypes">, unknown[]>;
}

const EVENT_TYPES: Record<Kind, number> = {
  individual: 1,
  group_module: 2,
  peer_group: 3,
};

/** Makes a world of its own in this transaction. */
export async function givenWorld(sql: Session): Promise<World> {
  const first = Math.floor(Math.random() * 2 ** 30);
  const [host, client, other, program, group] = Array.from(
    { length: 5 },
    () => crypto.randomUUID(),
  ) as [string, string, string, string, string];
  await sql.script(`
    insert into auth.users (id, email) values
      ('${host}', '${host}@example.com'), ('${client}', '${client}@example.com'),
      ('${other}', '${other}@example.com');
    insert into public.programs (id, slug, name, category) values ('${program}', '${program}', 'P', 'cta');
    insert into public.module_types (name) values ('coaching') on conflict (name) do nothing;
    insert into public.program_modules (program_id, title, order_index, module_type)
    values ('${program}', 'Alone', 1, 'coaching'), ('${program}', 'Together', 2, 'coaching');
    insert into public.client_enrollments (client_user_id, program_id) values ('${client}', '${program}');
    insert into public.groups (id, name, status, created_by) values ('${group}', 'G', 'active', '${host}');
    insert into public.group_memberships (group_id, user_id)
    values ('${group}', '${client}'), ('${group}', '${other}');
    insert into public.calcom_event_type_mappings (
      calcom_event_type_id, session_target, default_module_id, default_group_id
    )
    select ${first} + m.order_index, 'module_session', m.id,
      case when m.order_index = 2 then '${group}'::uuid end
    from public.program_modules m where m.program_id = '${program}'
    union all
    select ${first} + 3, 'group_session', null, '${group}';
  `);
  return {
    host,
    client,
    other,
    eventTypes: {
      individual: first + EVENT_TYPES.individual,
      group_module: first + EVENT_TYPES.group_module,
      peer_group: first + EVENT_TYPES.peer_group,
    },
  };
}

/** Hands an event to the database. Returns the status. */
export async function play(
  sql: Session,
  world: World,
  event: ModelEvent,
): Promise<unknown> {
  return await value(
    sql,
    "select status from public.apply_calcom_event($1::text::jsonb)",
    [eventFor(world, event)],
  );
}

/** An event as the database is handed it, by way of the function's own reader. */
export function eventFor(world: World, event: ModelEvent): string {
  const delivery = readDelivery(new TextEncoder().encode(JSON.stringify(
    event.trigger === "BOOKING_NO_SHOW_UPDATED"
      ? {
        triggerEvent: event.trigger,
        createdAt: instant(event.at),
        payload: { bookingUid: event.uid, bookingId: 1, attendees: [] },
      }
      : bodyOf({
        trigger: event.trigger,
        uid: event.uid,
        at: new Date(event.at * 60_000),
        startsAt: new Date(event.start * 60_000),
        minutes: event.minutes,
        eventTypeId: world.eventTypes[event.kind],
        attendee: { email: `${world.client}@example.com` },
        organizer: { email: `${world.host}@example.com` },
        metadata: { videoCallUrl: event.room },
        more: {
          ...event.from ? { rescheduleUid: event.from } : {},
          ...event.newTime ? { requestReschedule: true } : {},
        },
      }),
  )));
  if (!("event" in delivery)) throw new Error("not read as an event");
  return JSON.stringify(delivery.event);
}

/** What the database shows. */
export async function sightOf(
  sql: Session,
  { host, client, other }: World,
): Promise<Sight> {
  return JSON.parse(String(await value(sql, SIGHT, [host, client, other])));
}

/** What it has to show, given the sessions that there have to be. */
export function sightFrom(
  standing: Standing[],
  { host, client, other }: World,
): Sight {
  const shown = (whose: (it: Standing) => boolean) =>
    standing.filter(whose).map((it) => ({
      status: CALENDAR_STATUS[it.status],
      start: it.start,
      end: it.start + it.minutes,
    })).sort(inOrder);
  return {
    sessions: standing.map((it) => ({
      kind: it.kind,
      uid: it.uid,
      status: it.status,
      start: it.start,
      minutes: it.minutes,
      room: it.room,
      host: it.kind === "peer_group" ? null : host,
      booked_by: client,
      participants: it.invited
        ? { [client]: "accepted", [other]: "pending" }
        : {},
    })).sort(inOrder),
    calendars: {
      host: shown(({ kind }) => kind !== "peer_group"),
      client: shown(({ kind, invited }) => kind !== "group_module" || invited),
      other: shown(({ kind, invited }) => kind === "peer_group" || invited),
    },
  };
}

/** In one order, for a comparison. */
export function sorted({ sessions, calendars }: Sight): Sight {
  return {
    sessions: sessions.sort(inOrder),
    calendars: {
      host: calendars.host.sort(inOrder),
      client: calendars.client.sort(inOrder),
      other: calendars.other.sort(inOrder),
    },
  };
}

const CALENDAR_STATUS = {
  requested: "TENTATIVE",
  scheduled: "CONFIRMED",
  cancelled: "CANCELLED",
};

function inOrder(a: unknown, b: unknown): number {
  const [one, other] = [keyOf(a), keyOf(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function keyOf(row: unknown): string {
  return JSON.stringify(Object.entries(row ?? {}).sort());
}

function instant(minutes: number): string {
  return new Date(minutes * 60_000).toISOString();
}

const CALENDAR = (user: string) =>
  `(
  select coalesce(jsonb_agg(jsonb_build_object(
    'status', e.status,
    'start', extract(epoch from e.starts_at)::bigint / 60,
    'end', extract(epoch from e.ends_at)::bigint / 60
  )), '[]')
  from private.calendar_events(${user}, '2000-01-01', '2100-01-01', '2000-01-01') e
)`;

const SIGHT = `
  select jsonb_build_object(
    'sessions', (
      select coalesce(jsonb_agg(to_jsonb(s)), '[]') from (
        select case s.session_type when 'group' then 'group_module' else 'individual' end as kind,
          s.calcom_booking_uid as uid, s.status, extract(epoch from s.session_date)::bigint / 60 as start,
          s.duration_minutes as minutes, s.meeting_url as room, s.instructor_id as host, s.booked_by,
          (
            select coalesce(jsonb_object_agg(p.user_id, p.response_status), '{}')
            from public.module_session_participants p where p.session_id = s.id
          ) as participants
        from public.module_sessions s
        join public.program_modules m on m.id = s.module_id
        join public.client_enrollments e on e.program_id = m.program_id and e.client_user_id = $2::uuid
        union all
        select 'peer_group', s.calcom_booking_uid, s.status,
          extract(epoch from s.start_time)::bigint / 60,
          extract(epoch from s.end_time - s.start_time)::bigint / 60, s.meeting_link, null, s.booked_by,
          (
            select coalesce(jsonb_object_agg(p.user_id, p.response_status), '{}')
            from public.group_session_participants p where p.session_id = s.id
          )
        from public.group_sessions s
        join public.group_memberships m on m.group_id = s.group_id and m.user_id = $2::uuid
      ) s
    ),
    'calendars', jsonb_build_object(
      'host', ${CALENDAR("$1::uuid")}, 'client', ${CALENDAR("$2::uuid")},
      'other', ${CALENDAR("$3::uuid")}
    )
  )::text`;
