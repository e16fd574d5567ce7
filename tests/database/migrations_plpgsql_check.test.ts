import { assertEquals } from "@std/assert";
import { postgresTest } from "../support/sql.ts";

postgresTest(
  "plpgsql_check finds nothing in any function, and in trigger functions for each of their tables",
  async (sql) => {
    const found = await sql.begin(async (transaction) => {
      await transaction`create schema if not exists extensions`;
      await transaction`create extension if not exists plpgsql_check with schema extensions`;
      await transaction`set local search_path = extensions, public`;
      const complaints = await transaction`
      with checked as (
        select p.oid as function, 0::oid as relation
        from pg_proc p
        where p.prorettype <> 'trigger'::regtype
        union all
        select distinct t.tgfoid, t.tgrelid from pg_trigger t where not t.tgisinternal
      )
      select c.function::regprocedure::text, c.relation::regclass::text as table, f.lineno, f.level, f.message
      from checked c
      join pg_proc p on p.oid = c.function
      join pg_language l on l.oid = p.prolang and l.lanname = 'plpgsql'
      cross join lateral plpgsql_check_function_tb(
        c.function, c.relation, fatal_errors => false, extra_warnings => true, security_warnings => true
      ) f
      where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)`;
      const unused = await transaction`
      select p.oid::regprocedure::text as function
      from pg_proc p
      where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
        and p.prorettype = 'trigger'::regtype
        and not exists (select from pg_trigger t where t.tgfoid = p.oid)`;
      return { complaints: [...complaints], unused: [...unused] };
    });
    assertEquals(found, { complaints: [], unused: [] });
  },
);
