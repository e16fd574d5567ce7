import { type Session } from "../../support/sql.ts";
import { type Column, inOrder, type Relation } from "./catalog.ts";
import type { People } from "./people.ts";

/** A row, by column. */
export type Row = Record<string, unknown>;

/** Columns that name a person who is not the owner of the row. */
const OTHERS: [person: keyof People, columns: RegExp][] = [
  [
    "staff",
    /^((coach|instructor|lead_instructor|assessor|evaluator|staff_user|author)_id|marked_by)$/,
  ],
  [
    "admin",
    /^(created|uploaded|granted|assigned|evaluated|scored)_by$/,
  ],
  ["orgAdmin", /^(invited|purchased|performed)_by$/],
  ["other", /^referred_(by|user_id)$/],
];

/** Columns that name a person without a foreign key. */
const PERSON =
  /(^|_)(user|client|owner|coach|instructor|assessor)_id$|^(created|granted|scored)_by$/;

/** What a row needs beyond its types and constraints: to be sound, and to be one that somebody may see. */
const SPECIAL: Record<string, Row> = {
  calcom_lineages: { module_session_id: null },
  calcom_reviews: { missing: "{refused}" },
  capability_snapshots: { is_self_assessment: true, evaluator_id: null },
  credit_ledger: {
    entry_type: "reversal",
    amount: -1,
    balance_after: 0,
    spend_id: null,
  },
  development_items: {
    prompt_id: null,
    library_resource_id: null,
    cohort_session_id: null,
  },
  email_change_requests: { new_email: "new@example.com" },
  guided_path_instantiations: { survey_response_id: null },
  // nobody has scored it yet
  module_assignments: { scored_by: null },
  maintenance_runs: { results: "{}" },
  organization_members: { role: "org_member", sponsored_plan_id: null },
  scenario_assignments: { assigned_by: null, evaluated_by: null },
  user_roles: { role: "client" },
  // as staff schedule it
  module_sessions: { session_type: "individual", requested_by: null },
};

/** Columns with the link to a meeting, which cannot lead anywhere. */
const LINK = /^(meeting_(url|link)|recording_url)$/;

const DEFAULTS: [type: RegExp, value: string, other: string][] = [
  [/^(integer|bigint|smallint|numeric|real|double)/, "1", "2"],
  [/^boolean/, "true", "false"],
  [/\[\]$/, "{}", "{}"],
  [/^jsonb?/, "{}", '{"changed": true}'],
  [/^date/, "2099-01-05", "2099-01-06"],
  [/^time /, "10:00", "11:00"],
  [/^timestamp/, "2099-01-05 10:00+00", "2099-01-06 10:00+00"],
  [/^interval/, "1 day", "2 days"],
];

/** Makes one row a table, all of one owner and one programme, group and organisation; `number` is the id of what is elsewhere. */
export async function givenRows(
  sql: Session,
  relations: Relation[],
  people: People,
  number = "1",
): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>();
  for (const { name, key, columns } of inOrder(relations)) {
    if (key.length === 0) continue;
    const given = columns.flatMap((column) => {
      const made = valueOf(name, column, people, rows);
      // the number of something elsewhere is unique
      const isNumber = made === "1" && /_id$/.test(column.name);
      const text = isNumber ? number : made;
      return text === undefined ? [] : [{ name: column.name, text }];
    });
    rows.set(name, await insert(sql, name, given));
  }
  return rows;
}

/** Another value than the one a column has, of its type if not of its constraints. */
export function otherValueOf(column: Column, old: unknown, people: People) {
  if (personOf(column)) return people.other;
  if (LINK.test(column.name)) return "https://meet.google.com/abc-defg-hij";
  const choice = column.choices.find((it) => it !== old);
  if (choice !== undefined) return choice;
  if (column.type === "uuid") return crypto.randomUUID();
  const [, value, other] = defaultsOf(column.type);
  return String(old) === other ? value : other;
}

/** The row that a trigger made at the sign-up, or a new one. */
async function insert(
  sql: Session,
  table: string,
  given: { name: string; text: unknown }[],
): Promise<Row> {
  const owner = given.find(({ name }) => /^(user_id|id)$/.test(name));
  const [made] = owner
    ? await sql.query(
      `select to_jsonb(t) as row from public."${table}" t where ${owner.name} = $1`,
      [owner.text],
    )
    : [];
  if (made) return Object(made.row);
  const names = given.map(({ name }) => `"${name}"`).join();
  const values = given.map(({ text }) => literal(text)).join();
  try {
    const [row] = await sql.query(
      `insert into public."${table}" as t ${
        names ? `(${names}) values (${values})` : "default values"
      } returning to_jsonb(t) as row`,
    );
    return Object(row?.row);
  } catch (error) {
    throw new Error(`no row for ${table}: say in SPECIAL what it needs`, {
      cause: error,
    });
  }
}

/** A value as SQL: the database gives it the type of its column. */
export function literal(value: unknown): string {
  return value === null || value === undefined
    ? "null"
    : `'${String(value).replaceAll("'", "''")}'`;
}

/** What to give a column; undefined for what the database fills in. */
function valueOf(
  table: string,
  column: Column,
  people: People,
  rows: Map<string, Row>,
): unknown {
  const special = SPECIAL[table]?.[column.name];
  if (special !== undefined) return special;
  if (column.generated) return undefined;
  const person = personOf(column);
  if (person) return people[person];
  const [choice] = column.choices;
  if (column.needed && choice !== undefined) return choice;
  if (column.refers) {
    const row = rows.get(column.refers.table.replace(/^public\./, ""));
    if (row) return row[column.refers.column];
  }
  if (!column.needed) return undefined;
  if (column.type === "uuid") return crypto.randomUUID();
  return defaultsOf(column.type)[1] ?? `x${crypto.randomUUID().slice(0, 8)}`;
}

/** Whether a column names a person. */
export function isPerson({ name, type, refers }: Column): boolean {
  return refers
    ? /^(auth\.users|public\.profiles)$/.test(refers.table)
    : type === "uuid" && PERSON.test(name);
}

function personOf(column: Column): keyof People | undefined {
  if (!isPerson(column)) return undefined;
  return OTHERS.find(([, columns]) => columns.test(column.name))?.[0] ??
    "owner";
}

function defaultsOf(type: string) {
  return DEFAULTS.find(([pattern]) => pattern.test(type)) ??
    [/.*/, undefined, "changed"] as const;
}
