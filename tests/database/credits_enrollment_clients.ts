import { assertEquals, assertExists } from "@std/assert";
import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import { createPerson, type Person } from "../support/people.ts";
import { must, unique } from "../support/rows.ts";
import { type Client, secretClient } from "../support/stack.ts";

/** The arguments of an enrolment. */
export type Wish = Partial<
  Database["public"]["Functions"]["enroll_with_credits"]["Args"]
>;

const db = secretClient();
const soon = new Date(Date.now() + 7 * 86_400_000).toISOString();

/** A test after which the ledger is sound. */
export function test(name: string, run: () => Promise<void>): void {
  Deno.test(name, async () => {
    await run();
    assertEquals(must(await db.rpc("check_credit_ledger")), []);
  });
}

/** Who calls: normally for themselves. */
export type Caller = { id: string; client: Client };

/** Enrols the caller, or whom they wish, in a program. */
export async function enroll(
  caller: Caller,
  program: { id: string },
  wish: Wish = {},
) {
  return must(
    await caller.client.rpc("enroll_with_credits", {
      p_client_user_id: caller.id,
      p_program_id: program.id,
      ...wish,
    }),
  );
}

/** Asserts that an enrolment is refused and that none came of it. Returns the answer. */
export async function assertRefused(
  caller: Caller,
  program: { id: string },
  wish: Wish,
  code: string,
) {
  const before = await enrolmentsOf(caller);
  const result = await enroll(caller, program, wish);
  assertEquals([result.success, result.code], [false, code]);
  assertEquals([result.enrollment_id, result.spend_id], [null, null]);
  assertExists(result.error);
  assertEquals(await enrolmentsOf(caller), before);
  return result;
}

/** A person with so many credits. */
export async function givenClient(credits: number): Promise<Person> {
  const person = await createPerson();
  must(
    await db.rpc("grant_credit_batch", {
      p_owner_type: "user",
      p_owner_id: person.id,
      p_amount: credits,
      p_expires_at: soon,
      p_source_type: "grant",
    }),
  );
  return person;
}

/** What a tier includes and costs. Returns the id of the program plan. */
export async function givenTierPlan(
  program: { id: string },
  tier: string,
  cost: number | null,
): Promise<string> {
  const { id } = must(
    await db.from("program_plans").insert({ name: unique("plan") })
      .select("id").single(),
  );
  must(
    await db.from("program_tier_plans").insert({
      program_id: program.id,
      tier_name: tier,
      program_plan_id: id,
      credit_cost: cost,
    }).select(),
  );
  return id;
}

/** Makes somebody the coach of a client. */
export async function givenRelationship(person: Person, coach: Person) {
  must(
    await db.from("client_coaches").insert({
      client_id: person.id,
      coach_id: coach.id,
    }).select(),
  );
}

/** The places of a program, as a person sees them. */
export async function placesOf({ client }: Person, program: { id: string }) {
  return must(
    await client.rpc("check_program_capacity", { p_program_id: program.id }),
  );
}

/** All enrolments of a person. */
export async function enrolmentsOf(person: { id: string }) {
  return must(
    await db.from("client_enrollments").select()
      .eq("client_user_id", person.id),
  );
}

/** What a person has to spend. */
export async function balanceOf(person: { id: string }) {
  const { total_available } = must(
    await db.rpc("get_user_credit_summary_v2", { p_user_id: person.id }),
  );
  return total_available;
}

/** An instant so many milliseconds from now. */
export function fromNow(milliseconds: number): string {
  return new Date(Date.now() + milliseconds).toISOString();
}

/** How often an enrolment code was used. */
export async function codeUsesOf(id: string): Promise<number> {
  return must(
    await db.from("enrollment_codes").select("current_uses").eq("id", id)
      .single(),
  ).current_uses;
}
