import type { ServiceClient } from "../_former/client.ts";
import type { Booking } from "./index.ts";

/** Whose session, and of what. */
interface Place {
  module_id: string;
  enrollment_id: string;
  instructor_id: string;
}

/** Overwrites the newest session of the place that is not cancelled, or makes one. Returns its id. */
export async function sessionOf(
  client: ServiceClient,
  booking: Booking,
  place: Place,
): Promise<string> {
  const { data: present } = await client.from("module_sessions").select("id")
    .eq("module_id", place.module_id).eq("enrollment_id", place.enrollment_id)
    .neq("status", "cancelled").order("created_at", { ascending: false })
    .limit(1).maybeSingle();
  const minutes =
    (Date.parse(booking.endTime) - Date.parse(booking.startTime)) / 60_000;
  const values = {
    ...place,
    title: "Coaching session",
    session_type: "individual",
    session_date: booking.startTime,
    duration_minutes: minutes,
    timezone: booking.organizer.timeZone ?? "UTC",
    meeting_url: booking.metadata?.videoCallUrl ?? null,
    status: "scheduled",
    client_response: "accepted",
    calcom_booking_uid: booking.uid,
    calcom_event_type_id: booking.eventTypeId,
  };
  const sessions = client.from("module_sessions");
  const { data, error } =
    await (present
      ? sessions.update(values).eq("id", present.id)
      : sessions.insert(values)).select("id").single();
  if (error) throw new Error(error.message);
  return data.id;
}
