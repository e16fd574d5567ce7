import { assertEquals } from "@std/assert";
import type { Difference } from "../../drift/live/compare.ts";
import { unreviewed } from "../../tasks/deploy/known.ts";

const difference = (
  state: Difference["state"],
  kind: string,
  name: string,
  deployed: string | null,
): Difference => ({
  state,
  kind,
  name,
  owner: "public.t",
  repository: state === "extra" ? null : "ours",
  deployed,
});

const OURS = difference("missing", "policy", "public.t.all", null);
const OWN = difference("extra", "policy", "public.t.theirs", "for select");
const OTHER = difference("extra", "policy", "public.t.new", "for all");

const VISITORS = "public.t to anon";

Deno.test("a policy of ours that is missing was reviewed with all of the table's own, not without them", () => {
  assertEquals(unreviewed([OURS, OWN], [OWN]), []);
  assertEquals(unreviewed([OURS], [OWN]), [OURS]);
  assertEquals(unreviewed([OURS, OWN, OTHER], [OWN]), [OURS, OTHER]);
  const elsewhere = { ...OURS, owner: "public.u" };
  assertEquals(unreviewed([elsewhere, OWN], [OWN]), [elsewhere]);
});

Deno.test("fewer rights than were reviewed were reviewed, others and what is otherwise were not", () => {
  const grant = (deployed: string, state: Difference["state"] = "extra") =>
    difference(state, "grant", VISITORS, deployed);
  const known = [grant("INSERT, SELECT")];
  assertEquals(unreviewed([grant("SELECT")], known), []);
  const more = grant("SELECT, UPDATE");
  assertEquals(unreviewed([more], known), [more]);
  const other = grant("SELECT", "different");
  assertEquals(unreviewed([other], known), [other]);
});

Deno.test("what signed-in users write in a column of its own was reviewed with the column", () => {
  const column = difference("extra", "column", "public.t.c", "text");
  const grant = difference(
    "extra",
    "grant",
    "public.t.c to authenticated",
    "update",
  );
  assertEquals(unreviewed([column, grant], [column]), []);
  assertEquals(unreviewed([column, grant], []), [column, grant]);
  const visitors = { ...grant, name: "public.t.c to anon" };
  assertEquals(unreviewed([column, visitors], [column]), [visitors]);
  const other = { ...grant, name: "public.t.d to authenticated" };
  assertEquals(unreviewed([column, other], [column]), [other]);
});
