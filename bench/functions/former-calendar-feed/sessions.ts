import { rowsOf, type ServiceClient } from "../_former/client.ts";

/** What the former feed showed of a session. */
export interface Session {
  uid: string;
  summary: string;
  description: string;
  start: Date;
  minutes: number;
}

/**
 * Steps two to four: what the user takes part in (three queries at once), the sessions of it (three),
 * and the instructors' names (one). No answer has more than PostgREST's 1,000 rows, as it was.
 */
export async function readSessions(
  client: ServiceClient,
  userId: string,
  now: Date,
): Promise<Session[]> {
  const [participations, memberships, enrolments] = await Promise.all([
    client.from("module_session_participants").select("session_id")
      .eq("user_id", userId),
    client.from("group_memberships").select("group_id")
      .eq("user_id", userId).eq("status", "active"),
    client.from("client_enrollments").select("cohort_id")
      .eq("client_user_id", userId).eq("status", "active")
      .not("cohort_id", "is", null),
  ]);
  const [moduleSessions, groupSessions, cohortSessions] = await Promise.all([
    client.from("module_sessions")
      .select(
        "id, title, session_date, duration_minutes, session_type, instructor_id",
      )
      .in("id", rowsOf(participations).map((row) => row.session_id))
      .not("session_date", "is", null)
      .gte("session_date", now.toISOString())
      .neq("status", "cancelled"),
    client.from("group_sessions")
      .select(
        "id, title, session_date, duration_minutes, groups!group_sessions_group_id_fkey(name)",
      )
      .in("group_id", rowsOf(memberships).map((row) => row.group_id))
      .gte("session_date", now.toISOString())
      .neq("status", "cancelled"),
    client.from("cohort_sessions")
      .select(
        "id, title, description, session_date, instructor_id, program_cohorts(name)",
      )
      .in("cohort_id", rowsOf(enrolments).flatMap((row) => row.cohort_id ?? []))
      .gte("session_date", now.toISOString().slice(0, 10)),
  ]);
  const modules = rowsOf(moduleSessions);
  const cohorts = rowsOf(cohortSessions);
  const names = await namesOf(
    client,
    [...modules, ...cohorts].flatMap((row) => row.instructor_id ?? []),
  );
  const withName = (title: string, id: string | null) => {
    const name = id === null ? undefined : names.get(id);
    return name === undefined ? title : `${title} with ${name}`;
  };
  return [
    ...modules.map((row): Session => ({
      uid: `module-session-${row.id}`,
      summary: withName(row.title || row.session_type, row.instructor_id),
      description: `Your scheduled ${row.session_type} session`,
      start: new Date(row.session_date ?? ""),
      minutes: row.duration_minutes || 60,
    })),
    ...rowsOf(groupSessions).map((row): Session => ({
      uid: `group-session-${row.id}`,
      summary: row.title || `${row.groups.name} Session`,
      description: `Group session for ${row.groups.name}`,
      start: new Date(row.session_date),
      minutes: row.duration_minutes || 60,
    })),
    ...cohorts.map((row): Session => ({
      uid: `cohort-session-${row.id}`,
      summary: withName(row.title, row.instructor_id),
      description: row.description ||
        `Cohort session for ${row.program_cohorts.name}`,
      start: new Date(row.session_date),
      minutes: 90,
    })),
  ];
}

async function namesOf(
  client: ServiceClient,
  ids: string[],
): Promise<Map<string, string>> {
  const profiles = await client.from("profiles").select("id, name")
    .in("id", [...new Set(ids)]);
  return new Map(rowsOf(profiles).map(({ id, name }) => [id, name]));
}
