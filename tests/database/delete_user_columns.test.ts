import { assert, assertEquals } from "@std/assert";
import {
  refusalOf,
  savepoints,
  type Session,
  sqlTest,
} from "../support/sql.ts";
import { deleteUser, signedInAdmin } from "./delete_user_calls.ts";
import { address, signUp } from "./profile_sync_users.ts";
import { type Column, givenRow, userColumns } from "./user_rows.ts";

/** Whether a user may write the column, by inserting a row or by changing one. */
const MAY_WRITE = `
  has_column_privilege('authenticated', $1::text::regclass, $2::text, 'INSERT')
  or has_column_privilege('authenticated', $1::text::regclass, $2::text, 'UPDATE')`;

/** Changes that give a row each other value of its switches and words, as far as a user may write them. */
const VARIANTS = `
  select format('%I = %s', a.attname, it.value) as change
  from pg_attribute a
  cross join lateral (
    select 'not coalesce(' || quote_ident(a.attname) || ', false)' as value
    where a.atttypid = 'boolean'::regtype
    union all
    select quote_literal(word[1]) from pg_constraint c
    cross join regexp_matches(pg_get_constraintdef(c.oid), '''([^'']+)''::text', 'g') as word
    where c.conrelid = a.attrelid and c.contype = 'c' and c.conkey = array[a.attnum]
      and a.atttypid = 'text'::regtype
  ) it
  where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped
    and (
      has_column_privilege('authenticated', a.attrelid, a.attnum, 'INSERT')
      or has_column_privilege('authenticated', a.attrelid, a.attnum, 'UPDATE')
    )
  order by 1`;

async function writable(sql: Session): Promise<Column[]> {
  const columns = [
    ...await userColumns(sql, true),
    ...await userColumns(sql, false),
  ];
  const found: Column[] = [];
  for (const { table, column } of columns) {
    const [row] = await sql.query(`select ${MAY_WRITE} as may`, [
      table,
      column,
    ]);
    if (row?.may && table !== "public.profiles") found.push({ table, column });
  }
  return found;
}

sqlTest(
  "no row that a user may write keeps whom it names from being deleted, whatever else is in it",
  async (sql) => {
    const inner = savepoints(sql);
    const columns = await writable(sql);
    assert(columns.length > 20);
    const blocked: string[] = [];
    for (const { table, column } of columns) {
      const changes = (await sql.query(VARIANTS, [table]))
        .map(({ change }) => String(change));
      for (const change of ["", ...changes]) {
        await inner.script("begin");
        const admin = await signedInAdmin(sql);
        const id = await signUp(sql, { email: address() });
        const [there] = await sql.query(
          `select from ${table} where ${column} = $1 limit 1`,
          [id],
        );
        if (!there) await givenRow(sql, table, { [column]: id });
        const refused = change !== "" && await refusalOf(
          sql,
          `update ${table} set ${change} where ${column} = '${id}'`,
        );
        if (!refused) {
          const { code } = await deleteUser(sql, admin, id);
          if (code !== "ok") blocked.push(`${table}.${column} ${change}`);
        }
        await inner.script("rollback");
        await sql.script("release savepoint file");
      }
    }
    assertEquals(blocked, []);
  },
);

sqlTest(
  "an evaluation outlives its evaluator, under nobody's name, and a deleted author's item is its owner's",
  async (sql) => {
    const admin = await signedInAdmin(sql);
    const [author, owner] = [
      await signUp(sql, { email: address() }),
      await signUp(sql, { email: address() }),
    ];
    await givenRow(sql, "public.capability_snapshots", {
      user_id: owner,
      evaluator_id: author,
      is_self_assessment: "false",
    });
    await givenRow(sql, "public.development_items", {
      user_id: owner,
      author_id: author,
      item_type: "note",
    });
    assertEquals((await deleteUser(sql, admin, author)).code, "ok");
    assertEquals(
      await sql.query(
        `select s.evaluator_id, s.is_self_assessment, i.author_id
         from public.capability_snapshots s
         join public.development_items i on i.user_id = s.user_id
         where s.user_id = $1`,
        [owner],
      ),
      [{ evaluator_id: null, is_self_assessment: false, author_id: null }],
    );
  },
);
