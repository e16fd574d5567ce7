import { assertEquals, assertNotEquals } from "@std/assert";
import { byTypes, compareByEffect } from "../../../drift/live/effect.ts";
import { effectOf } from "../../../drift/live/expression.ts";
import type { Item } from "../../../drift/live/inventory.ts";
import { alike } from "../../../drift/live/kind.ts";
import { summary } from "../../../drift/live/summary.ts";
import { privilegesOf } from "../../../drift/live/privileges.ts";

const item = (
  kind: string,
  name: string,
  definition: string,
  owner: string | null = "public.t",
): Item => ({ kind, name, owner, definition, normalised: alike(definition) });

const differences = (repository: Item[], deployed: Item[]) =>
  compareByEffect(repository, deployed).map(({ state, kind, name }) =>
    `${state} ${kind} ${name}`
  );

Deno.test("an expression's effect is the same however it is spelled, and another where it does something else", () => {
  const same = [
    ["'medium'::public.goal_priority", "'medium'::text"],
    ["('x'::character varying(20))::text", "'x'::text"],
    ["'{}'::jsonb", "'{}'"],
    ["((a IS NULL) OR (b = 1))", "((b = 1) OR (a IS NULL))"],
    [
      "(((a > 1) AND (b > 2)) AND (c > 3))",
      "((c > 3) AND ((a > 1) AND (b > 2)))",
    ],
    [
      "(status = ANY (ARRAY['a'::text, 'b'::text]))",
      "(status = ANY ((ARRAY['b'::character varying, 'a'::character varying])::text[]))",
    ],
    ["(auth.uid() = user_id)", "(user_id = ( SELECT auth.uid() AS uid))"],
    [
      "public.has_role(( SELECT auth.uid() AS uid), 'admin'::public.app_role)",
      "public.has_role(auth.uid(), 'admin'::public.app_role)",
    ],
    [
      "(EXISTS ( SELECT 1 FROM public.a x WHERE ((x.id = t.id) AND (x.at < '2020-01-01 00:00:00+00'::timestamp with time zone))))",
      "(EXISTS ( SELECT 1 FROM public.a x WHERE ((x.at < '2020-01-01 00:00:00+00') AND (t.id = x.id))))",
    ],
  ] as const;
  for (const [one, other] of same) assertEquals(effectOf(one), effectOf(other));

  const different = [
    ["((a > 1) OR (b > 2))", "((a > 1) AND (b > 2))"],
    ["((a OR b) AND c)", "(a OR (b AND c))"],
    ["(NOT (a OR b))", "((NOT a) OR b)"],
    ["(a - b)", "(b - a)"],
    ["(a < b)", "(b < a)"],
    ["f(a, b)", "f(b, a)"],
    [
      "array_position(ARRAY['a', 'b'], x)",
      "array_position(ARRAY['b', 'a'], x)",
    ],
    ["'a, b'::text", "'b, a'::text"],
    ["(id)::text", "id"],
    ["(status = ANY (ARRAY['a'::text]))", "(status = ANY (ARRAY['b'::text]))"],
    ["('(a OR b)'::text = x)", "('(b OR a)'::text = x)"],
    ["(CASE WHEN a THEN b ELSE c END)", "(CASE WHEN a THEN c ELSE b END)"],
  ] as const;
  for (const [one, other] of different) {
    assertNotEquals(effectOf(one), effectOf(other));
  }
});

Deno.test("keys, indexes, triggers and policies are the same under any name", () => {
  const stamp = (name: string, body: string) =>
    item(
      "function",
      `public.${name}()`,
      `CREATE OR REPLACE FUNCTION public.${name}()\n RETURNS trigger\n LANGUAGE plpgsql\nAS $function$${body}$function$\n`,
      null,
    );
  const stamps = (name: string, by: string) =>
    item(
      "trigger",
      `public.t.${name}`,
      `CREATE TRIGGER ${name} BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.${by}()`,
    );
  const one = stamp("one", " begin new.updated_at = now(); return new; end ");
  const other = stamp(
    "other",
    "\nBEGIN\n  NEW.updated_at := now();\n  RETURN NEW;\nEND\n",
  );
  const more = stamp(
    "more",
    " begin new.updated_at = now(); new.by = 1; return new; end ",
  );
  assertEquals(
    differences(
      [
        item("key", "public.t.t_check", "CHECK (((a IS NULL) OR (a > 0)))"),
        item("key", "public.t.t_pkey", "PRIMARY KEY (id)"),
        item("key", "public.t.t_a_b_key", "UNIQUE (a, b)"),
        item(
          "index",
          "public.t_idx",
          "CREATE INDEX t_idx ON public.t USING btree (a) WHERE (b = 'x'::text)",
        ),
        item(
          "policy",
          'public.t."t: all"',
          "for all to authenticated using (true)",
        ),
        item("column", "public.t.c", "text default ('x'::public.kind)"),
        stamps("t_updated_at", "one"),
        one,
      ],
      [
        item("key", "public.t.positive", "CHECK (((a > 0) OR (a IS NULL)))"),
        item("key", "public.t.old_pkey", "PRIMARY KEY (id)"),
        // a unique index does what a unique key does
        item(
          "index",
          "public.old_idx",
          "CREATE UNIQUE INDEX old_idx ON public.t USING btree (b, a)",
        ),
        item(
          "index",
          "public.by_a",
          "CREATE INDEX by_a ON public.t USING btree (a) WHERE ('x'::text = b)",
        ),
        item(
          "policy",
          'public.t."Staff"',
          "for all to authenticated using (true) with check (true)",
        ),
        item("column", "public.t.c", "text default ('x'::text)"),
        stamps("set_stamp", "other"),
        one,
        other,
      ],
    ),
    ["extra function public.other()"],
  );
  assertEquals(
    differences([one, stamps("a", "one")], [one, more, stamps("b", "more")]),
    [
      "missing trigger public.t.a",
      "extra function public.more()",
      "extra trigger public.t.b",
    ],
  );
  assertEquals(
    differences(
      [
        item("key", "public.t.c", "CHECK ((a > 0))"),
        item("column", "public.t.x", "text"),
      ],
      [
        item("key", "public.t.c", "CHECK ((a > 1))"),
        item("column", "public.t.x", "text not null"),
      ],
    ),
    ["different key public.t.c", "different column public.t.x"],
  );
});

Deno.test("a grant is what a role may do in all", () => {
  const grant = (name: string, privileges: string, owner = "public.t") =>
    item("grant", name, privileges, owner);
  const rights = (...grants: Item[]) =>
    privilegesOf(grants, byTypes).map(({ name, definition }) =>
      `${name}: ${definition}`
    );
  assertEquals(
    rights(
      grant("public.t to public", "select"),
      grant("public.t to anon", "insert, select"),
      grant("public.t.c to authenticated", "select, update"),
    ),
    [
      "public.t to anon: insert, select",
      "public.t to authenticated: select",
      "public.t to service_role: select",
      // the table's own includes the column
      "public.t.c to authenticated: update",
    ],
  );
  assertEquals(
    byTypes("public.f(a uuid, b timestamp with time zone, VARIADIC c text[])"),
    "public.f(uuid, timestamp with time zone, text[])",
  );
  assertEquals(
    byTypes("public.f(double precision, uuid)"),
    "public.f(double precision, uuid)",
  );
});

Deno.test("what visitors can do with a project's own functions and tables is told, and read in a few lines", () => {
  const definer = (name: string, returns: string) =>
    item(
      "function",
      name,
      `CREATE OR REPLACE FUNCTION ${name}\n RETURNS ${returns}\n LANGUAGE sql\n STABLE SECURITY DEFINER\nAS $function$ select 1 $function$\n`,
      null,
    );
  const deployed = [
    definer("public.a(u uuid)", "integer"),
    item("grant", "public.a(u uuid) to public", "execute", "public.a(u uuid)"),
    definer("public.b()", "trigger"),
    item("grant", "public.b() to anon", "execute", "public.b()"),
    item("table", "public.t", "row level security on", null),
    item("grant", "public.t to anon", "select", "public.t"),
    item("table", "public.open", "row level security off", null),
    item("grant", "public.open to anon", "select", "public.open"),
  ];
  const found = compareByEffect([], deployed);
  assertEquals(
    found.filter(({ kind }) => kind === "grant").map(({ name }) => name),
    ["public.a(uuid) to anon", "public.open to anon"],
  );
  assertEquals(summary(found), [
    "functions of its own: 2 (a(), b())",
    "tables of its own: 2 (t, open)",
    "functions that visitors may execute and should not: 1 (a())",
    "where visitors may do more than is granted here: 1 (open)",
  ]);
  const policies = Array.from(
    { length: 30 },
    (_, index) =>
      item(
        "policy",
        `public.t${index % 10}.p${index}`,
        `for select to anon using (a = ${index})`,
        `public.t${index % 10}`,
      ),
  );
  assertEquals(summary(compareByEffect([], policies)), [
    "policies of its own: 30 on 10 tables (t0 3, t1 3, t2 3, t3 3, t4 3, t5 3, t6 3, t7 3, …)",
  ]);
});
