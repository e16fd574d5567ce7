import { assert, assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import {
  givenCoachingSession,
  givenModuleSession,
  givenProgramCoach,
  must,
} from "../support/rows.ts";
import { type Session, sqlTest, value } from "../support/sql.ts";
import { secretClient } from "../support/stack.ts";
import { givenWorld, type World } from "./columns/world.ts";
import { assertRefused, assertUntouched, givenTeaching } from "./teaching.ts";

const db = secretClient();

/** The tables that make somebody staff of a client, a program or a module. */
const STAFFING =
  /\bpublic\.((program|module)_(instructors|coaches)|client_(coaches|instructors)|enrollment_module_staff)\b/;

interface Helper {
  name: string;
  args: string[];
  isSet: boolean;
  source: string;
}

/** The helpers of the schema private that ask for those tables, or another helper that does. */
async function staffHelpers(sql: Session): Promise<Helper[]> {
  const rows = await sql.query(
    `select p.proname as name, to_jsonb(coalesce(p.proargnames[1:p.pronargs], '{}')) as args,
       p.proretset as is_set, p.prosrc as source
     from pg_proc p
     where p.pronamespace = 'private'::regnamespace
       and (p.prorettype = 'boolean'::regtype or p.prorettype = 'uuid'::regtype and p.proretset)`,
  );
  const helpers = rows.map(({ name, args, is_set, source }): Helper => ({
    name: String(name),
    args: Array.isArray(args) ? args.map(String) : [],
    isSet: is_set === true,
    source: String(source),
  }));
  const found = new Set<Helper>();
  for (let size = -1; size < found.size;) {
    size = found.size;
    for (const helper of helpers) {
      const asks = STAFFING.test(helper.source) ||
        [...found].some(({ name }) =>
          helper.source.includes(`private.${name}(`)
        );
      if (asks) found.add(helper);
    }
  }
  return [...found].sort((a, b) => a.name.localeCompare(b.name));
}

/** What to ask a helper, so that the answer is yes for the owner's staff. */
function argumentOf(name: string, { people, rows }: World): unknown {
  const idOf = (table: string) => rows.get(table)?.id;
  switch (name.replace(/^_|^p_/, "")) {
    case "client_id":
    case "client_user_id":
      return people.owner;
    case "staff_id":
    case "user_id":
      return people.staff;
    case "other_id":
      return people.coach;
    case "program_id":
      return idOf("programs");
    case "module_id":
      return idOf("program_modules");
    case "enrollment_id":
      return idOf("client_enrollments");
    case "progress_id":
      return idOf("module_progress");
    case "cohort_id":
      return idOf("program_cohorts");
    case "assignment_id":
      return idOf("scenario_assignments");
    default:
      throw new Error(`what is ${name}?`);
  }
}

/** The sessions of helpers, which are of three kinds. */
const SESSIONS: Record<string, string> = {
  can_manage_module_session: "module_sessions",
  is_session_instructor_or_coach: "sessions",
  may_change_module_session: "module_sessions",
  may_mark_attendance: "cohort_sessions",
  runs_cohort_session: "cohort_sessions",
};

/** Whom helpers ask about, where it is not staff. */
const ABOUT_CLIENTS = ["may_evaluate_person"];

async function answer(
  sql: Session,
  world: World,
  { name, args, isSet }: Helper,
): Promise<unknown> {
  const values = args.map((arg) => {
    if (/session_id$/.test(arg)) {
      return world.rows.get(SESSIONS[name] ?? "")?.id;
    }
    if (arg === "p_relationship") return "coach";
    if (ABOUT_CLIENTS.includes(name)) return world.people.owner;
    return argumentOf(arg, world);
  });
  const call = `private.${name}(${args.map((_, i) => `$${i + 1}`).join()})`;
  return await value(
    sql,
    isSet ? `select exists (select from ${call})` : `select ${call}`,
    values,
  );
}

sqlTest(
  "who is no coach or instructor any more is staff of nobody, whichever helper is asked",
  async (sql) => {
    const world = await givenWorld(sql);
    const { people, rows } = world;
    await sql.query(
      "insert into public.program_coaches (program_id, coach_id) values ($1, $2)",
      [rows.get("programs")?.id, people.coach],
    );
    await sql.query("select set_config('request.jwt.claims', $1, true)", [
      JSON.stringify({ role: "authenticated", sub: people.staff }),
    ]);
    const helpers = await staffHelpers(sql);
    const answers = async () => {
      const yes: string[] = [];
      for (const helper of helpers) {
        if (await answer(sql, world, helper)) yes.push(helper.name);
      }
      return yes;
    };
    assert(helpers.length > 15, `${helpers.length} helpers`);
    assertEquals(await answers(), helpers.map(({ name }) => name));

    await sql.query("delete from public.user_roles where user_id = $1", [
      people.staff,
    ]);
    assertEquals(await answers(), []);
  },
);

sqlTest(
  "no policy and no function asks who is staff of what without asking whether they still are",
  async (sql) => {
    const found = await sql.query(
      `select p.name from (
         select tablename || ' ' || cmd, concat(qual, ' ', with_check) from pg_policies where schemaname = 'public'
         union all
         select proname, coalesce(nullif(prosrc, ''), pg_get_function_sqlbody(oid)) from pg_proc
         where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
       ) p (name, text)
       where p.text ~ '\\m((program|module)_(instructors|coaches)|client_(coaches|instructors)|enrollment_module_staff) '
         and p.text !~ 'private\\.is_(staff\\(\\)|coach_or_instructor\\()'
       order by 1`,
    );
    assertEquals(found, []);
  },
);

async function leave({ id }: Person): Promise<void> {
  must(await db.from("user_roles").delete().eq("user_id", id).select());
}

Deno.test("a coach whose role was taken away reads, changes and appoints nothing any more", async () => {
  const { client, coach, enrolment, module, progress } = await givenTeaching();
  const colleague = await createPerson({ role: "coach" });
  await givenProgramCoach({
    program: { id: enrolment.programId },
    coach: colleague,
  });
  must(
    await db.from("goals").insert({
      user_id: client.id,
      title: "Listen",
      category: "career_business",
      timeframe_type: "short_term",
    }).select(),
  );
  must(
    await db.from("module_reflections").insert({
      user_id: client.id,
      module_progress_id: progress.id,
      content: "I talk too much",
    }).select(),
  );
  const session = await givenCoachingSession({
    client,
    coach,
    startsAt: new Date("2099-01-05T10:00:00Z"),
    enrolment,
  });
  const workshop = await givenModuleSession({
    host: colleague,
    startsAt: new Date("2099-01-06T10:00:00Z"),
    module,
  });
  const as = coach.client;
  const reads = async () => [
    must(await as.from("goals").select("id").eq("user_id", client.id)).length,
    must(
      await as.from("module_reflections").select("id")
        .eq("user_id", client.id),
    ).length,
    must(
      await as.from("client_enrollments").select("id")
        .eq("client_user_id", client.id),
    ).length,
    must(await as.from("module_progress").select("id").eq("id", progress.id))
      .length,
    must(await as.rpc("staffed_program_ids")).length,
  ];
  assertEquals(await reads(), [1, 1, 1, 1, 1]);
  await leave(coach);
  assertEquals(await reads(), [0, 0, 0, 0, 0]);

  for (const { id } of [session, workshop]) {
    assertUntouched(
      await as.from("module_sessions").update({
        status: "cancelled",
        instructor_id: coach.id,
      }).eq("id", id).select(),
      "a session",
    );
    assertUntouched(
      await as.from("module_sessions").delete().eq("id", id).select(),
      "a session",
    );
    assertRefused(
      await as.from("module_session_participants").insert({
        session_id: id,
        user_id: client.id,
        enrollment_id: enrolment.id,
      }),
      "a participant",
    );
  }
  assertRefused(
    await as.from("module_sessions").insert({
      module_id: module.id,
      enrollment_id: enrolment.id,
      session_type: "individual",
      title: "Coaching",
      instructor_id: coach.id,
    }),
    "a session of one's own",
  );
  assertRefused(
    await as.from("enrollment_module_staff").insert({
      enrollment_id: enrolment.id,
      module_id: module.id,
      staff_user_id: colleague.id,
      role: "coach",
    }),
    "an appointment",
  );
});
