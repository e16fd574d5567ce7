import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import { secretClient } from "./stack.ts";

type Tables = Database["public"]["Tables"];
/** The columns a test may name. */
export type Insert<Table extends keyof Tables> = Partial<
  Tables[Table]["Insert"]
>;

/** Whoever has an id. */
export interface Someone {
  id: string;
}

// The rows that a row hangs on are made where a test does not name them.
export type Program = Someone & { slug: string; name: string };
export type Module = Someone & { title: string; programId: string };
export type Enrolment = Someone & { programId: string };
export type Cohort = Enrolment & { name: string };
export type ModuleSession = Enrolment & { moduleId: string };
export type CoachingSession = ModuleSession & { enrolmentId: string };

const db = secretClient();

/** An active program. */
export async function givenProgram(
  values: Insert<"programs"> = {},
): Promise<Program> {
  return must(
    await db.from("programs").insert({
      slug: unique("program"),
      name: "Leading Well",
      category: "leadership",
      ...values,
    }).select("id, slug, name").single(),
  );
}

/** Makes somebody a coach of the whole program. */
export async function givenProgramCoach(
  { program, coach }: { program: Someone; coach: Someone },
): Promise<void> {
  must(
    await db.from("program_coaches").insert({
      program_id: program.id,
      coach_id: coach.id,
    }).select(),
  );
}

/** A plan that a user can have. */
export async function givenPlan(
  values: Insert<"plans"> = {},
): Promise<Someone> {
  return must(
    await db.from("plans").insert({
      key: unique("plan"),
      name: "Plan",
      ...values,
    }).select("id").single(),
  );
}

/** A module of a program, by default of a new one. */
export async function givenModule(
  { program, ...values }: { program?: Someone } & Insert<"program_modules"> =
    {},
): Promise<Module> {
  const programId = (program ?? await givenProgram()).id;
  const { id, title } = must(
    await db.from("program_modules").insert({
      program_id: programId,
      title: "Difficult Conversations",
      order_index: Math.floor(Math.random() * 2 ** 31),
      module_type: "session",
      ...values,
    }).select("id, title").single(),
  );
  return { id, title, programId };
}

/** The enrolment of a client in a program, by default a new one. */
export async function givenEnrolment(
  { client, program, cohort, ...values }:
    & { client: Someone; program?: Someone; cohort?: Cohort }
    & Insert<"client_enrollments">,
): Promise<Enrolment> {
  const programId = program?.id ?? cohort?.programId ??
    (await givenProgram()).id;
  const { id } = must(
    await db.from("client_enrollments").insert({
      client_user_id: client.id,
      program_id: programId,
      cohort_id: cohort?.id,
      ...values,
    }).select("id").single(),
  );
  return { id, programId };
}

/** A scheduled 1:1 session of a client, hosted by `coach`. */
export async function givenCoachingSession(
  { client, coach, startsAt, enrolment, ...values }: {
    client: Someone;
    coach?: Someone;
    startsAt: Date | null;
    enrolment?: Enrolment;
  } & Insert<"module_sessions">,
): Promise<CoachingSession> {
  const { id: enrolmentId, programId } = enrolment ??
    await givenEnrolment({ client });
  const module = await givenModule({
    program: { id: programId },
    module_type: "coaching",
  });
  const { id } = must(
    await db.from("module_sessions").insert({
      module_id: module.id,
      enrollment_id: enrolmentId,
      instructor_id: coach?.id,
      session_date: startsAt?.toISOString(),
      session_type: "individual",
      title: "Coaching",
      ...values,
    }).select("id").single(),
  );
  return { id, moduleId: module.id, programId, enrolmentId };
}

/** Whether a participant will come. */
export type Answer = "pending" | "accepted" | "declined";

/** A scheduled session of a module for several people, hosted by `host`. */
export async function givenModuleSession(
  { host, startsAt, participants = [], module, ...values }: {
    host?: Someone;
    startsAt: Date | null;
    participants?: (Someone & { answer?: Answer })[];
    module?: Module;
  } & Insert<"module_sessions">,
): Promise<ModuleSession> {
  const { id: moduleId, programId } = module ?? await givenModule();
  const { id } = must(
    await db.from("module_sessions").insert({
      module_id: moduleId,
      program_id: programId,
      instructor_id: host?.id,
      session_date: startsAt?.toISOString(),
      session_type: "group",
      title: "Group Workshop",
      ...values,
    }).select("id").single(),
  );
  for (const person of participants) {
    await givenParticipant({ session: { id }, person, answer: person.answer });
  }
  return { id, moduleId, programId };
}

/** Adds somebody to a module session. Returns the id of the participation. */
export async function givenParticipant(
  { session, person, answer = "pending" }: {
    session: Someone;
    person: Someone;
    answer?: Answer;
  },
): Promise<string> {
  return must(
    await db.from("module_session_participants").insert({
      session_id: session.id,
      user_id: person.id,
      response_status: answer,
    }).select("id").single(),
  ).id;
}

/** An active cohort of a program, by default of a new one. */
export async function givenCohort(
  { program, lead, ...values }:
    & { program?: Someone; lead?: Someone }
    & Insert<"program_cohorts"> = {},
): Promise<Cohort> {
  const programId = (program ?? await givenProgram()).id;
  const { id, name } = must(
    await db.from("program_cohorts").insert({
      program_id: programId,
      name: "Spring",
      status: "active",
      lead_instructor_id: lead?.id,
      ...values,
    }).select("id, name").single(),
  );
  return { id, name, programId };
}

/** A session of a cohort: `date` is YYYY-MM-DD, `from` and `to` are times of day in `timezone`. */
export async function givenCohortSession(
  { cohort, date, from, to, timezone = "UTC", instructor, ...values }: {
    cohort: Someone;
    date: string;
    from?: string;
    to?: string;
    instructor?: Someone;
  } & Insert<"cohort_sessions">,
): Promise<Someone> {
  return must(
    await db.from("cohort_sessions").insert({
      cohort_id: cohort.id,
      session_date: date,
      start_time: from,
      end_time: to,
      timezone,
      instructor_id: instructor?.id,
      title: "Cohort Session",
      ...values,
    }).select("id").single(),
  );
}

/** A type of notification; production has `session_scheduled` and others. Returns its id. */
export async function givenNotificationType(
  { key = unique("type"), ...values }: Insert<"notification_types"> = {},
): Promise<{ id: string; key: string }> {
  return must(
    await db.from("notification_types").upsert(
      { key, name: key, is_active: true, ...values },
      { onConflict: "key" },
    ).select("id, key").single(),
  );
}

/** A name that no other row has. */
export function unique(prefix: string): string {
  return `${prefix}-${crypto.randomUUID().slice(0, 13)}`;
}

/** The data of an answer. @throws whatever the database refused it with */
export function must<Data>(
  answer: { data: Data; error: { message: string } | null },
): NonNullable<Data> {
  if (answer.error) throw answer.error;
  if (answer.data === null || answer.data === undefined) {
    throw new Error("the database answered nothing");
  }
  return answer.data;
}

/** The only element. @throws {Error} when there are none or several */
export function only<Row>(rows: Row[]): Row {
  const [row, ...others] = rows;
  if (row === undefined || others.length > 0) {
    throw new Error(`${rows.length} rows instead of one`);
  }
  return row;
}
