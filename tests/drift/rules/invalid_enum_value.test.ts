import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "invalid-enum-value";

Deno.test("invalid-enum-value: in filters, rows and calls", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("enrolments").select("id").eq("status", "actve").in("status", ["paused", "gone"]);
await db.from("user_roles").insert({ user_id: id, role: "Admin" });
await db.rpc("enrol", { p_program_id: id, p_client_id: id, p_status: "done" });`,
    ),
    [
      '1:56 enrolments.status takes "active", "completed", "paused", never "actve" => active',
      '1:89 enrolments.status takes "active", "completed", "paused", never "gone"',
      '2:58 user_roles.role takes "admin", "coach", "client", never "Admin" => admin',
      '3:71 enrol(p_status) takes "active", "completed", "paused", never "done"',
    ],
  );
});

Deno.test("invalid-enum-value: in or strings and lists in brackets", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("enrolments").select("id").or("status.eq.open,status.in.(active,shut)").not("status", "in", "(left)");`,
    ),
    [
      '1:56 enrolments.status takes "active", "completed", "paused", never "open"',
      '1:79 enrolments.status takes "active", "completed", "paused", never "shut"',
      '1:109 enrolments.status takes "active", "completed", "paused", never "left"',
    ],
  );
});

Deno.test("invalid-enum-value: its labels, null and what is not known", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("enrolments").select("id").eq("status", "active").eq("status", status).is("status", null);`,
    ),
    [],
  );
});
