import { assert, assertEquals } from "@std/assert";
import maintenance from "../../supabase/functions/credit-maintenance/index.ts";
import {
  batchesOf,
  breakExpiry,
  givenOrganization,
  givenUser,
} from "../database/credit_maintenance_owners.ts";
import { type Session, sqlTest, value } from "../support/sql.ts";
import { api } from "../support/stack.ts";

const NOW = new Date("2031-04-01T00:10:00Z");

sqlTest(
  "credit-maintenance answers 500 when a part fails, and nothing is half done",
  async (sql) => {
    const organization = await givenOrganization(sql, { allowance: 100 });
    const user = await givenUser(sql, { allowance: 40 });
    await breakExpiry(sql);
    const before = await batchesOf(sql, user);

    await using database = standIn((args) => run(sql, args));
    const response = await callAt(database.url);
    assertEquals(response.status, 500);
    assertEquals(await response.json(), {
      error: "Maintenance failed and was undone. See maintenance_runs.",
      code: "maintenance_failed",
    });

    assertEquals(await batchesOf(sql, organization), []);
    assertEquals(await batchesOf(sql, user), before);
    const [recorded] = await sql.query(
      "select id, trigger, error from public.maintenance_runs order by id desc limit 1",
    );
    assertEquals(recorded?.trigger, "http");
    assert(String(recorded?.error).startsWith("42883: "));
    assertEquals(
      await value(
        sql,
        "select last_error from public.maintenance_health where action = 'grant'",
      ),
      recorded?.error,
    );

    // What another part cannot do does not keep this one from its work.
    const granted = await callAt(database.url, { action: "grant" });
    assertEquals(granted.status, 200);
    await granted.body?.cancel();
    assertEquals((await batchesOf(sql, organization))[0]?.remaining, 100);
  },
);

Deno.test("credit-maintenance passes on that another run is under way", async () => {
  await using database = standIn(() =>
    Promise.resolve(Response.json({ outcome: "already_running", error: "…" }))
  );
  const response = await callAt(database.url);
  assertEquals(response.status, 409);
  assertEquals(response.headers.get("Retry-After"), "60");
  assertEquals((await response.json()).code, "already_running");
});

Deno.test("credit-maintenance never answers 200 over a database that fails", async () => {
  const cases: [answer: Response, status: number, code: string][] = [
    [
      Response.json({ code: "57014", message: "secret" }, { status: 500 }),
      500,
      "internal_error",
    ],
    [
      Response.json({ code: "PGRST202", message: "secret" }, { status: 404 }),
      500,
      "internal_error",
    ],
    [Response.json({ outcome: null }), 500, "maintenance_failed"],
    [new Response("secret", { status: 503 }), 503, "unavailable"],
  ];
  for (const [answer, status, code] of cases) {
    await using database = standIn(() => Promise.resolve(answer.clone()));
    const response = await callAt(database.url);
    const body = await response.text();
    assertEquals([response.status, JSON.parse(body).code], [status, code]);
    assert(!body.includes("secret"), body);
  }
});

/** What the endpoint asks the database for. */
interface Args {
  p_actions: string[];
  p_now: string;
  p_trigger: string;
}

async function run(sql: Session, args: Args): Promise<Response> {
  return Response.json(
    await value(
      sql,
      "select to_jsonb(public.run_credit_maintenance($1::text[], $2, $3))",
      [args.p_actions, args.p_now, args.p_trigger],
    ),
  );
}

/** A Data API of its own, so that a run may fail and be undone while other tests use the real one. */
function standIn(answer: (args: Args) => Promise<Response>) {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      assertEquals(
        new URL(request.url).pathname,
        "/rest/v1/rpc/run_credit_maintenance",
      );
      return await answer(await request.json());
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The function in this process, on a given database. */
async function callAt(
  databaseUrl: string,
  body: { action?: string } = {},
): Promise<Response> {
  Deno.env.set("SUPABASE_URL", databaseUrl);
  Deno.env.set(
    "SUPABASE_SECRET_KEYS",
    JSON.stringify({ default: api.secretKey }),
  );
  try {
    const request = new Request("http://localhost/credit-maintenance", {
      method: "POST",
      headers: { apikey: api.secretKey },
      body: JSON.stringify(body),
    });
    return await maintenance.fetchAt(request, NOW);
  } finally {
    Deno.env.set("SUPABASE_URL", api.url);
  }
}
