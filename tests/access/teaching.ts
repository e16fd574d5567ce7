import { assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import {
  type Enrolment,
  givenEnrolment,
  givenModule,
  givenProgramCoach,
  type Module,
  must,
  type Someone,
} from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

/** A client in a program, with its coach, and people who have nothing to do with the client. */
export interface Teaching {
  client: Person;
  /** Coach of the program, and of the client directly. */
  coach: Person;
  /** A coach of other clients. */
  stranger: Person;
  /** A client of the stranger. */
  other: Person;
  module: Module;
  enrolment: Enrolment;
  /** The client's progress in the module. */
  progress: Someone;
  /** The other client's progress in another module. */
  otherProgress: Someone;
  otherEnrolment: Enrolment;
}

const db = secretClient();

/** Makes the two clients and the two coaches. */
export async function givenTeaching(): Promise<Teaching> {
  const [client, coach, stranger, other] = await Promise.all([
    createPerson({ role: "client" }),
    createPerson({ role: "coach" }),
    createPerson({ role: "coach" }),
    createPerson({ role: "client" }),
  ]);
  const own = await givenCourse(client, coach);
  const others = await givenCourse(other, stranger);
  return {
    client,
    coach,
    stranger,
    other,
    ...own,
    otherProgress: others.progress,
    otherEnrolment: others.enrolment,
  };
}

async function givenCourse(client: Person, coach: Person) {
  const enrolment = await givenEnrolment({ client });
  const program = { id: enrolment.programId };
  await givenProgramCoach({ program, coach });
  must(
    await db.from("client_coaches")
      .insert({ client_id: client.id, coach_id: coach.id }).select(),
  );
  const module = await givenModule({ program });
  const progress = must(
    await db.from("module_progress")
      .insert({ enrollment_id: enrolment.id, module_id: module.id })
      .select("id").single(),
  );
  return { enrolment, module, progress };
}

/** What PostgREST answers a write, or a function. */
interface Answer {
  error: { code: string; message: string } | null;
  status: number;
}

/** Asserts that a signed-in user was refused: by a grant, a policy or a guard. */
export function assertRefused(answer: Answer, about: unknown): void {
  assertEquals(
    [answer.error?.code, answer.status],
    ["42501", 403],
    `${about}: ${answer.error?.message}`,
  );
}

/** Asserts that a value was refused by a check of its column. */
export function assertChecked(answer: Answer, about: unknown): void {
  assertEquals(answer.error?.code, "23514", `${about}`);
}

/** Asserts that nothing went wrong, and nothing was left undone. */
export function assertDone(
  answer: Answer & { data: unknown[] | null },
  about: unknown,
): void {
  assertEquals(answer.error, null, `${about}`);
  assertEquals(answer.data?.length, 1, `${about}`);
}

/** Asserts that a statement found no row that the caller may change. */
export function assertUntouched(
  answer: Answer & { data: unknown[] | null },
  about: unknown,
): void {
  assertEquals([answer.error, answer.data], [null, []], `${about}`);
}
