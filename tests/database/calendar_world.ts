import {
  onFreshDatabase,
  type Session,
  undoneOn,
  value,
} from "../support/sql.ts";
import { address, signUp } from "./profile_sync_users.ts";

/** Ids of rows that a feed is made of. */
export interface World {
  users: string[];
  /** By table: ids that rows have, or may be given. */
  ids: Record<string, string[]>;
}

/** What calendar_feed answers, as far as it matters here. */
export interface Answer {
  outcome: string;
  fingerprint: string;
  /** What was kept of this feed, see `keepBody`. */
  body: string | null;
}

/** That of a feed without options. */
const VARIANT = "r1";

/**
 * Tests in transactions that are undone, like `sqlTest`, but on a database where nobody else is at work:
 * while anybody is, no feed is kept (private.calendars_are_quiet).
 */
export function quietly(
  title: string,
): (name: string, run: (sql: Session) => Promise<void>) => void {
  const cases: [string, (sql: Session) => Promise<void>][] = [];
  Deno.test(title, (t) =>
    onFreshDatabase({}, async (database) => {
      for (const [name, run] of cases) {
        await t.step(name, () => undoneOn(database, run));
      }
    }));
  return (name, run) => void cases.push([name, run]);
}

/** Three people with calendar links, and ids for rows around them. */
export async function givenWorld(sql: Session): Promise<World> {
  const users: string[] = [];
  for (const email of [address(), address(), address()]) {
    users.push(await signUp(sql, { email }));
  }
  await sql.query(
    "update public.profiles set calendar_sync_enabled = true where id = any ($1)",
    [users],
  );
  await sql.query(
    "insert into private.calendar_links (user_id) select unnest($1::uuid[])",
    [users],
  );
  return {
    users,
    ids: Object.fromEntries(
      TABLES.map((table) => [table, [uuid(), uuid()]]),
    ),
  };
}

/** The tables that a feed is made of, in an order in which rows can be made. */
export const TABLES = [
  "programs",
  "program_modules",
  "groups",
  "program_cohorts",
  "client_enrollments",
  "module_sessions",
  "module_session_participants",
  "group_memberships",
  "group_sessions",
  "group_session_participants",
  "cohort_sessions",
];

/** One of each, such that everybody sees something: the first user gives, the others take part. */
export async function givenRows(sql: Session, world: World): Promise<void> {
  const [coach, client, other] = world.users;
  const id = (table: string, index = 0) => world.ids[table]?.[index];
  const soon = new Date(Date.now() + 2 * 86_400_000).toISOString();
  const rows: [string, Record<string, unknown>][] = [
    ...[0, 1].flatMap((n): [string, Record<string, unknown>][] => [
      ["programs", {
        id: id("programs", n),
        slug: uuid(),
        name: `Program ${n}`,
        category: "leadership",
      }],
      ["program_modules", {
        id: id("program_modules", n),
        program_id: id("programs", n),
        title: "Module",
        order_index: n,
        module_type: "session",
      }],
    ]),
    ["groups", { id: id("groups"), name: "Group", created_by: coach }],
    ["program_cohorts", {
      id: id("program_cohorts"),
      program_id: id("programs"),
      name: "Cohort",
      status: "active",
      lead_instructor_id: coach,
    }],
    ["client_enrollments", {
      id: id("client_enrollments"),
      client_user_id: client,
      program_id: id("programs"),
      cohort_id: id("program_cohorts"),
      status: "active",
    }],
    ["module_sessions", {
      id: id("module_sessions"),
      module_id: id("program_modules"),
      enrollment_id: id("client_enrollments"),
      instructor_id: coach,
      session_type: "individual",
      title: "Session",
      status: "scheduled",
      session_date: soon,
    }],
    ["module_session_participants", {
      session_id: id("module_sessions"),
      user_id: other,
      response_status: "accepted",
    }],
    ...[client, other].map((user_id): [string, Record<string, unknown>] => [
      "group_memberships",
      { group_id: id("groups"), user_id, status: "active" },
    ]),
    ["group_sessions", {
      id: id("group_sessions"),
      group_id: id("groups"),
      title: "Group session",
      session_date: soon,
      status: "scheduled",
    }],
    ["cohort_sessions", {
      id: id("cohort_sessions"),
      cohort_id: id("program_cohorts"),
      instructor_id: other,
      title: "Cohort session",
      session_date: soon.slice(0, 10),
      start_time: "10:00",
      timezone: "UTC",
    }],
  ];
  for (const [table, values] of rows) await insert(sql, table, values);
}

/** Inserts a row of these values. */
export async function insert(
  sql: Session,
  table: string,
  values: Record<string, unknown>,
): Promise<void> {
  const columns = Object.keys(values).join(", ");
  await sql.query(
    `insert into public.${table} (${columns})
     select ${columns} from jsonb_populate_record(null::public.${table}, $1::text::jsonb)`,
    [JSON.stringify(values)],
  );
}

/** The feed of a user, to a client that knows this fingerprint. */
export async function ask(
  sql: Session,
  user: string,
  { known, only, now = new Date() }: {
    known?: string;
    only?: readonly string[];
    now?: Date;
  } = {},
): Promise<Answer> {
  const [row] = await sql.query(
    `select outcome, fingerprint, body from public.calendar_feed(
       p_user_id => $1, p_version => 1, p_known => $2, p_only => $3, p_now => $4::text::timestamptz,
       p_variant => $5
     )`,
    [
      user,
      known === undefined ? [] : [known],
      only ?? null,
      now.toISOString(),
      variantOf(only),
    ],
  );
  return {
    outcome: String(row?.["outcome"]),
    fingerprint: String(row?.["fingerprint"]),
    body: row?.["body"] === null ? null : String(row?.["body"]),
  };
}

/** Keeps a text that says which data it is of, as the function keeps what it has rendered. */
export async function keepBody(
  sql: Session,
  user: string,
  fingerprint: string,
  variant = VARIANT,
): Promise<boolean> {
  return await value(
    sql,
    "select public.keep_calendar_body($1, $2, $3, 'of ' || $3)",
    [user, variant, fingerprint],
  ) === true;
}

function variantOf(only?: readonly string[]): string {
  return only === undefined ? VARIANT : `${VARIANT}-o${only.join("+")}`;
}

/** The fingerprint of a feed whose summary is kept: the first request has it noted, the second keeps. */
export async function warm(sql: Session, user: string): Promise<string> {
  await ask(sql, user);
  return (await ask(sql, user)).fingerprint;
}

/** Whether the next request with the right fingerprint is answered from what is kept. */
export async function isKept(sql: Session, user: string): Promise<boolean> {
  return await value(
    sql,
    `select exists (
       select from private.calendar_summaries s cross join private.calendar_epoch e
       where s.user_id = $1 and s.parts is not null and s.epoch = e.epoch
     ) and not exists (select from private.calendar_changes where user_id = $1)`,
    [user],
  ) === true;
}

/** The fingerprint as it is without anything kept. */
export async function askAfresh(
  sql: Session,
  user: string,
  options: { only?: readonly string[]; now?: Date } = {},
): Promise<string> {
  await sql.query("savepoint afresh");
  await sql.query("select private.forget_calendar_summaries()");
  const { fingerprint } = await ask(sql, user, options);
  await sql.query("rollback to savepoint afresh");
  return fingerprint;
}

function uuid(): string {
  return crypto.randomUUID();
}
