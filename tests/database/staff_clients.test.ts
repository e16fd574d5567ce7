import { assertEquals } from "@std/assert";
import { sqlTest, value } from "../support/sql.ts";
import { address, signUp } from "./profile_sync_users.ts";
import { givenRow } from "./user_rows.ts";

/** The rows that each make somebody staff of a client, with the columns that say of whom. */
const WAYS: [table: string, columns: string[]][] = [
  ["public.client_coaches", ["coach_id", "client_id"]],
  ["public.client_instructors", ["instructor_id", "client_id"]],
  ["public.program_coaches", ["coach_id", "program_id"]],
  ["public.program_instructors", ["instructor_id", "program_id"]],
  ["public.module_coaches", ["coach_id", "module_id"]],
  ["public.module_instructors", ["instructor_id", "module_id"]],
  ["public.enrollment_module_staff", ["staff_user_id", "enrollment_id"]],
];

for (const [table, columns] of WAYS) {
  sqlTest(
    `private.staff_clients and the relationship of the two agree by ${table}`,
    async (sql) => {
      const [staff, client] = [
        await signUp(sql, { email: address() }),
        await signUp(sql, { email: address() }),
      ];
      await sql.query(
        "insert into public.user_roles (user_id, role) values ($1, 'coach')",
        [staff],
      );
      const program = String((await givenRow(sql, "public.programs")).id);
      const module = await givenRow(sql, "public.program_modules", {
        program_id: program,
      });
      const enrolment = await givenRow(sql, "public.client_enrollments", {
        client_user_id: client,
        program_id: program,
      });
      // somebody whom it does not concern
      await givenRow(sql, "public.client_enrollments", {
        client_user_id: await signUp(sql, { email: address() }),
      });
      const whose: Record<string, string> = {
        client_id: client,
        program_id: program,
        module_id: String(module.id),
        enrollment_id: String(enrolment.id),
      };
      const related = () =>
        value(
          sql,
          "select private.staff_has_client_relationship($1, $2)",
          [staff, client],
        );
      const clients = () =>
        sql.query("select private.staff_clients($1) as client", [staff]);
      assertEquals([await related(), await clients()], [false, []]);

      await givenRow(
        sql,
        table,
        Object.fromEntries(
          columns.map((column) => [column, whose[column] ?? staff]),
        ),
      );
      assertEquals([await related(), await clients()], [true, [{ client }]]);
      await sql.query("delete from public.user_roles where user_id = $1", [
        staff,
      ]);
      assertEquals([await related(), await clients()], [false, []]);
    },
  );
}
