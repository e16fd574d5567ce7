import { assert, assertEquals } from "@std/assert";
import { compareExports } from "../../tasks/feature_config/compare.ts";
import { createPerson, disable, type Person } from "../support/people.ts";
import { givenPlan, givenProgram, must, unique } from "../support/rows.ts";
import { type Session, sqlTest } from "../support/sql.ts";
import { runDeno } from "../support/run_deno.ts";
import { api, secretClient } from "../support/stack.ts";

const db = secretClient();

type Export = Record<string, Record<string, unknown>[]> & {
  assignments: Record<string, Record<string, unknown>[]>;
};

async function call(person: Person, body: unknown): Promise<Response> {
  return await fetch(`${api.url}/functions/v1/export-feature-config`, {
    method: "POST",
    headers: { Authorization: `Bearer ${person.token}` },
    body: JSON.stringify(body),
  });
}

async function givenFeature(
  values: {
    is_consumable?: boolean;
    is_active?: boolean;
    category_id?: string;
  } = {},
): Promise<{ id: string; key: string }> {
  return must(
    await db.from("features").insert({
      key: unique("feature"),
      name: "Feature",
      ...values,
    }).select("id, key").single(),
  );
}

Deno.test("an admin exports features, plans and their assignments, inactive and restrictive ones too", async () => {
  const admin = await createPerson({ role: "admin" });
  const category = must(
    await db.from("feature_categories").insert({ name: unique("category") })
      .select("id, name").single(),
  );
  const feature = await givenFeature({
    is_consumable: true,
    is_active: false,
    category_id: category.id,
  });
  const key = unique("plan");
  const plan = await givenPlan({ key, is_active: false });
  must(
    await db.from("plan_features").insert({
      plan_id: plan.id,
      feature_id: feature.id,
      limit_value: 3,
      is_restrictive: true,
    }).select(),
  );
  const name = unique("program plan");
  const programPlan = must(
    await db.from("program_plans").insert({ name, credit_allowance: 7 })
      .select("id").single(),
  );
  const programs = [
    await givenProgram({ name: "A", slug: unique("a") }),
    await givenProgram({ name: "B", slug: unique("b") }),
  ];
  must(
    await db.from("program_tier_plans").insert(
      programs.map(({ id }) => ({
        program_id: id,
        tier_name: "premium",
        program_plan_id: programPlan.id,
      })),
    ).select(),
  );

  const response = await call(admin, { exportType: "feature-assignments" });
  assertEquals(response.status, 200);
  const today = new Date().toISOString().slice(0, 10);
  assertEquals(
    response.headers.get("Content-Disposition"),
    `attachment; filename="feature-assignments-${today}.json"`,
  );
  const exported: Export = await response.json();
  assertEquals(String(exported["exportedBy"]), admin.email);
  assertEquals(
    exported["features"]?.find((it) => it["key"] === feature.key),
    {
      key: feature.key,
      name: "Feature",
      description: null,
      category: category.name,
      isConsumable: true,
      isSystem: false,
      isActive: false,
    },
  );
  assertEquals(
    exported.assignments["planFeatures"]?.filter((it) => it["planKey"] === key),
    [{
      planKey: key,
      featureKey: feature.key,
      enabled: true,
      limitValue: 3,
      isRestrictive: true,
    }],
  );
  assertEquals(
    exported["plans"]?.find((it) => it["key"] === key)?.["isActive"],
    false,
  );
  assertEquals(
    exported["featureCategories"]?.filter((it) => it["name"] === category.name)
      .length,
    1,
  );
  const entry = exported["programPlans"]?.find((it) => it["name"] === name);
  assertEquals(entry?.["programName"], "A");
  assertEquals(
    entry?.["programs"],
    programs.map((program) => ({
      program: program.slug,
      programName: program.name,
      tier: "premium",
      creditCost: null,
    })),
  );

  const credits: Export =
    await (await call(admin, { exportType: "credit-config" })).json();
  assertEquals(
    credits["consumableFeatureLimits"]?.filter((it) => it["planKey"] === key),
    [{ planKey: key, featureKey: feature.key, limitValue: 3 }],
  );
  assertEquals(
    credits["programPlanCredits"]?.find((it) => it["name"] === name)
      ?.["creditAllowance"],
    7,
  );
});

Deno.test("export-feature-config is for admins who are not disabled, and for a known type", async () => {
  const [user, coach, admin] = [
    await createPerson(),
    await createPerson({ role: "coach" }),
    await createPerson({ role: "admin" }),
  ];
  const cases: [Person, unknown, number, string][] = [
    [user, { exportType: "credit-config" }, 403, "forbidden"],
    [coach, { exportType: "credit-config" }, 403, "forbidden"],
    [admin, { exportType: "everything" }, 400, "invalid_request"],
    [admin, {}, 400, "invalid_request"],
  ];
  for (const [person, body, status, code] of cases) {
    const response = await call(person, body);
    assertEquals([response.status, (await response.json()).code], [
      status,
      code,
    ]);
  }
  await disable(admin);
  const response = await call(admin, { exportType: "credit-config" });
  await response.body?.cancel();
  assertEquals(response.status, 403);
});

async function exportOf(sql: Session): Promise<Record<string, unknown>> {
  await sql.query(
    `select set_config('request.jwt.claims', '{"role":"service_role"}', true)`,
  );
  const [row] = await sql.query(
    "select public.export_feature_config('feature-assignments') -> 'export' as exported",
  );
  return Object.fromEntries(Object.entries(Object(row?.exported)));
}

sqlTest(
  "an export has the same bytes for the same rows, and is complete beyond 1,000 of them",
  async (sql) => {
    await sql.query(
      `insert into public.features (key, name)
       select 'many-' || lpad(n::text, 4, '0'), 'Feature' from generate_series(1, 1500) n order by random()`,
    );
    const exported = await exportOf(sql);
    const { features } = exported;
    assert(Array.isArray(features) && features.length >= 1500);
    assertEquals(
      JSON.stringify(exported),
      JSON.stringify(await exportOf(sql)),
    );
  },
);

sqlTest(
  "the comparison of a file with a database names what differs, by key, whatever the order",
  async (sql) => {
    await sql.query(
      `insert into public.features (key, name) values ('x-one', 'One'), ('x-two', 'Two')`,
    );
    const file = await exportOf(sql);
    assertEquals(compareExports(file, await exportOf(sql)), []);
    await sql.query(
      `update public.features set name = 'First', is_active = false where key = 'x-one'`,
    );
    await sql.query(`delete from public.features where key = 'x-two'`);
    await sql.query(
      `insert into public.features (key, name) values ('x-three', 'Three')`,
    );
    assertEquals(compareExports(file, await exportOf(sql)).toSorted(), [
      "features x-one isActive: true in the file, false in the database",
      'features x-one name: "One" in the file, "First" in the database',
      "features x-three: only in the database",
      "features x-two: only in the file",
    ]);
  },
);

/** What the task says of an exported file. */
async function check(exported: unknown) {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(path, JSON.stringify(exported));
    const { code, stdout } = await runDeno(
      ["task", "feature-config", "--check", path],
      { env: { SUPABASE_URL: api.url, SUPABASE_SECRET_KEY: api.secretKey } },
    );
    return { code, stdout };
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("deno task feature-config tells whether a file and a database agree", async () => {
  const admin = await createPerson({ role: "admin" });
  for (const exportType of ["feature-assignments", "credit-config"]) {
    const compare = async () => {
      const response = await call(admin, { exportType });
      return await check(await response.json());
    };
    const first = await compare();
    // once more, where another test has made a plan just then
    assertEquals(first.code === 0 ? first : await compare(), {
      code: 0,
      stdout: "The file and the database agree.\n",
    });
  }
  const response = await call(admin, { exportType: "credit-config" });
  const exported = await response.json();
  exported.planCredits = exported.planCredits.map(
    (plan: { key: string; name: string }) =>
      plan.key === "pro" ? { ...plan, name: "Professional" } : plan,
  );
  assertEquals(await check(exported), {
    code: 1,
    stdout:
      'planCredits pro name: "Professional" in the file, "Pro" in the database\n1 differences\n',
  });
});
