import { type Session, value } from "../../support/sql.ts";
import type { Column, Relation } from "../matrix/catalog.ts";
import type { People } from "../matrix/people.ts";
import { isPerson, otherValueOf, type Row } from "../matrix/rows.ts";
import { type Grants, readGrants } from "./grants.ts";
import type { World } from "./world.ts";

/** Who tries. */
const WHO = {
  owner: "owner",
  other: "other",
  org_admin: "orgAdmin",
  staff: "staff",
} as const satisfies Record<string, keyof People>;
type Who = keyof typeof WHO;

/** No more columns that name people are tried in every combination. */
const MOST_PEOPLE = 4;

/** A time that is nobody's default. */
const SOON = "2031-01-05 10:00+00";

/** A cell that was accepted: what, and by whom. Users write it without being who it speaks of. */
export interface Accepted {
  table: string;
  /** `insert title`, `update user_id=foreign`, `insert (coach_id=own user_id=owner)`. */
  what: string;
  who: string;
}

/** Tries every column of every table as everybody: what was taken that is neither the default nor one's own. */
export async function tryAll(
  sql: Session,
  world: World,
  of: (table: string) => boolean,
): Promise<Accepted[]> {
  await sql.script(
    await Deno.readTextFile(new URL("attempts.sql", import.meta.url)),
  );
  const grants = await readGrants(sql);
  const accepted: Accepted[] = [];
  for (const relation of world.relations) {
    if (relation.isView || !of(relation.name)) continue;
    const found = new Map<string, Who[]>();
    for (const who of Object.keys(WHO) as Who[]) {
      const tries = new Tries(sql, world, grants, relation, who);
      for (const what of [...await tries.inserts(), ...await tries.updates()]) {
        found.set(what, [...found.get(what) ?? [], who]);
      }
    }
    for (const [what, who] of found) {
      accepted.push({ table: relation.name, what, who: who.join("+") });
    }
  }
  return accepted;
}

/** What one caller tries on one table. */
class Tries {
  readonly #me: string;
  readonly #granted: { insert: Column[]; update: Column[] };

  constructor(
    readonly sql: Session,
    readonly world: World,
    grants: Grants,
    readonly relation: Relation,
    who: Who,
  ) {
    this.#me = world.people[WHO[who]];
    const { insert = [], update = [] } = grants[relation.name] ?? {};
    const named = (names: string[]) =>
      relation.columns.filter(({ name }) => names.includes(name));
    this.#granted = { insert: named(insert), update: named(update) };
  }

  async inserts(): Promise<string[]> {
    const columns = this.#granted.insert;
    if (columns.length === 0) return [];
    const people = columns.filter(isPerson).slice(0, MOST_PEOPLE);
    const sample = this.world.rows.get(this.relation.name) ?? {};
    const needed = columns.filter((column) =>
      column.needed || (column.refers && !isPerson(column))
    );
    const bases: { row: Row; names: string }[] = [];
    for (const assignment of this.#assignments(people)) {
      const row = { ...pick(sample, needed), ...assignment.row };
      if (await this.#insert(row) === "taken") {
        bases.push({ row, names: assignment.names });
      }
    }
    const found = bases.filter(({ names }) => /=(owner|foreign)/.test(names))
      .map(({ names }) => `insert (${names})`);
    // what one may write beside the people is asked of the row that names the caller most
    const base = bases[0]?.row;
    if (!base) return found;
    for (const column of columns.filter((column) => !isPerson(column))) {
      for (const [what, value] of this.#others(column, base[column.name])) {
        const asked = { [column.name]: value };
        if (await this.#insert({ ...base, ...asked }, asked) === "taken") {
          found.push(`insert ${what}`);
        }
      }
    }
    return found;
  }

  async updates(): Promise<string[]> {
    const found: string[] = [];
    const row = this.world.rows.get(this.relation.name) ?? {};
    const key = Object.fromEntries(
      this.relation.key.map((name) => [name, row[name]]),
    );
    const people = this.#granted.update.filter(isPerson).slice(0, MOST_PEOPLE);
    for (const { row: changes, names } of this.#assignments(people)) {
      const isNew = Object.entries(changes).some(([name, to]) =>
        to !== row[name]
      );
      if (!isNew || !/=(owner|foreign)/.test(names)) continue;
      if (await this.#update(key, changes) === "taken") {
        found.push(`update (${names})`);
      }
    }
    for (const column of this.#granted.update.filter((it) => !isPerson(it))) {
      for (const [what, value] of this.#others(column, row[column.name])) {
        if (await this.#update(key, { [column.name]: value }) === "taken") {
          found.push(`update ${what}`);
        }
      }
    }
    return found;
  }

  /** Every combination of one's own id, the owner's, a stranger's and none: one's own first. */
  #assignments(people: Column[]): { row: Row; names: string }[] {
    const { owner } = this.world.people;
    const values: [string, string | null][] = [
      ["own", this.#me],
      ...(owner === this.#me ? [] : [["owner", owner] as [string, string]]),
      ["foreign", this.world.stranger],
      ["none", null],
    ];
    let found: { row: Row; names: string[] }[] = [{ row: {}, names: [] }];
    for (const { name, needed } of people) {
      found = found.flatMap(({ row, names }) =>
        values.filter(([, id]) => id !== null || !needed).map(([word, id]) => ({
          row: id === null ? row : { ...row, [name]: id },
          names: id === null ? names : [...names, `${name}=${word}`],
        }))
      );
    }
    return found.map(({ row, names }) => ({ row, names: names.join(" ") }));
  }

  /** Other values of a column: one of a kind, and a stranger's row where it refers to one. */
  #others(column: Column, old: unknown): [string, unknown][] {
    const { name, refers } = column;
    const foreign = refers &&
      this.world.foreign.get(refers.table.replace(/^public\./, ""))
        ?.[refers.column];
    if (foreign !== null && foreign !== undefined) {
      return [[`${name}=foreign`, foreign]];
    }
    return [[
      name,
      /^(date|timestamp)/.test(column.type)
        ? SOON // the rows' own are in 2999, which a check may refuse
        : otherValueOf(column, old, this.world.people),
    ]];
  }

  async #insert(row: Row, asked: Row = {}): Promise<unknown> {
    return await value(
      this.sql,
      "select pg_temp.try_insert($1, $2, $3::text::jsonb, $4::text::jsonb)",
      [
        this.#me,
        this.relation.name,
        JSON.stringify(row),
        JSON.stringify(asked),
      ],
    );
  }

  async #update(key: Row, changes: Row): Promise<unknown> {
    return await value(
      this.sql,
      "select pg_temp.try_update($1, $2, $3::text::jsonb, $4::text::jsonb)",
      [
        this.#me,
        this.relation.name,
        JSON.stringify(key),
        JSON.stringify(changes),
      ],
    );
  }
}

function pick(row: Row, columns: Column[]): Row {
  return Object.fromEntries(columns.map(({ name }) => [name, row[name]]));
}
