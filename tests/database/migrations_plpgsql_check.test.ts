import { assertEquals } from "@std/assert";
import { postgresTest, undone } from "../support/sql.ts";

const COMPLAINTS = `
  with checked as (
        select p.oid as function, 0::oid as relation, null::name as old_rows, null::name as new_rows
        from pg_proc p
        where p.prorettype <> 'trigger'::regtype
        union all
        select distinct t.tgfoid, t.tgrelid, t.tgoldtable, t.tgnewtable from pg_trigger t where not t.tgisinternal
      )
      select c.function::regprocedure::text, c.relation::regclass::text as table, f.lineno, f.level, f.message
      from checked c
      join pg_proc p on p.oid = c.function
      join pg_language l on l.oid = p.prolang and l.lanname = 'plpgsql'
      cross join lateral plpgsql_check_function_tb(
        c.function, c.relation, oldtable => c.old_rows, newtable => c.new_rows,
        fatal_errors => false, extra_warnings => true, security_warnings => true
      ) f
      where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)`;

const UNUSED = `
      select p.oid::regprocedure::text as function
      from pg_proc p
      where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
        and p.prorettype = 'trigger'::regtype
        and not exists (select from pg_trigger t where t.tgfoid = p.oid)`;

postgresTest(
  "plpgsql_check finds nothing in any function, and in trigger functions for each of their tables",
  () =>
    undone(async (sql) => {
      await sql.query("create schema if not exists extensions");
      await sql.query(
        "create extension if not exists plpgsql_check with schema extensions",
      );
      await sql.query("set local search_path = extensions, public");
      assertEquals(await sql.query(COMPLAINTS), []);
      assertEquals(await sql.query(UNUSED), []);
    }),
);
