import { assert, assertEquals } from "@std/assert";
import {
  type FunctionName,
  FUNCTIONS,
} from "../../supabase/functions/_shared/access.ts";
import { VERSION } from "../../supabase/functions/_shared/version.ts";
import { type Cast, givenCast } from "../access/cast.ts";
import { eventually } from "../support/eventually.ts";
import { passOn, startOwnGateway } from "../support/gateway.ts";
import { api } from "../support/stack.ts";
import { type Attempt, attempts, MARK } from "./log_lines_marks.ts";

/** The fields of a line; `cause` is for a 5xx alone. */
const FIELDS = [
  "database_calls",
  "database_ms",
  "duration_ms",
  "function",
  "method",
  "outcome",
  "request_id",
  "status",
];

/** A function, in a process of its own with a database that can be made to fail. */
interface Watched extends AsyncDisposable {
  call(attempt: Attempt): Promise<Response>;
  /** Which SQL functions do. */
  databaseFails: RegExp;
}

async function watch(
  name: FunctionName,
  prints: (text: string) => void,
): Promise<Watched> {
  const gateway = await startOwnGateway({
    env: {},
    rest: async (request) =>
      watched.databaseFails.test(request.url)
        ? failure()
        : await passOn(request),
    prints,
  });
  const watched: Watched = {
    databaseFails: NEVER,
    call: ({ method, path, headers, body }) =>
      fetch(`${gateway.url}/functions/v1/${name}${path}`, {
        method,
        headers,
        ...(body === undefined || method === "GET" ? {} : { body }),
      }),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
  return watched;
}

const NEVER = /(?!)/;

/** What PostgREST answers where an error quotes the values that it is about. */
function failure(): Response {
  return Response.json({
    code: `${MARK}@example.com`,
    message: `duplicate key value: ${MARK}@example.com`,
    details: `Key (email)=(${MARK}@example.com) already exists.`,
    hint: MARK,
  }, { status: 500 });
}

/** Everything about the people that a line must not hold. */
function secretsOf({ user, other, admin, tokens }: Cast, path: string) {
  return [
    MARK,
    "@",
    "203.0.113.77",
    "/calendar-feed",
    api.secretKey,
    api.publishableKey,
    ...[user, other, admin].flatMap(({ id, email, name, token }) => [
      id,
      email,
      name,
      token,
    ]),
    ...Object.values(tokens),
    ...path === "" ? [] : [path.replace(/\.ics.*/, "").slice(1)],
  ];
}

let making: Promise<Cast> | undefined;

for (const name of Object.keys(FUNCTIONS).filter(isFunction)) {
  Deno.test(`${name} logs each request as one line, and nothing of what it was given`, async () => {
    const cast = await (making ??= givenCast());
    const { right, wrong } = await attempts(name, cast);
    const answers: { what: string; id: string; status: number }[] = [];
    let printed = "";
    {
      await using watched = await watch(name, (text) => printed += text);
      const send = async (attempt: Attempt) => {
        const response = await watched.call(attempt);
        await response.body?.cancel();
        const id = response.headers.get("X-Request-Id") ?? "";
        assert(/^[\w-]{8,64}$/.test(id), attempt.what);
        assertEquals(response.headers.get("X-Version"), VERSION, attempt.what);
        answers.push({ what: attempt.what, id, status: response.status });
        // what comes after an answer must not meet the database that fails
        assert(await eventually(() => printed.includes(id)), attempt.what);
        return response.status;
      };
      for (const attempt of [...wrong, right]) await send(attempt);
      watched.databaseFails = /./;
      await send(right);
    }

    for (const secret of secretsOf(cast, right.path)) {
      assert(!printed.includes(secret), `"${secret}" in:\n${printed}`);
    }
    const lines = printed.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(
      lines.map(({ request_id, status }) => ({ id: request_id, status }))
        .toSorted(byId),
      answers.map(({ id, status }) => ({ id, status })).toSorted(byId),
    );
    for (const { cause, ...line } of lines) {
      assertEquals(Object.keys(line).sort(), FIELDS);
      assertEquals(line.function, name);
      assert(cause === undefined || line.status >= 500, cause);
      assert(line.database_ms >= 0 && line.duration_ms >= 0);
    }
  });
}

const byId = (a: { id: string }, b: { id: string }) => a.id < b.id ? -1 : 1;

Deno.test("what fails after an answer is one line more, and nothing of what it was given", async () => {
  const cast = await givenCast();
  const { right } = await attempts("calendar-feed", cast);
  let printed = "";
  {
    await using watched = await watch(
      "calendar-feed",
      (text) => printed += text,
    );
    watched.databaseFails = /keep_calendar_body$/;
    const hasFailed = () => printed.includes("failed_afterwards");
    // nothing is kept of a feed while another test changes any
    for (let time = 0; time < 100 && !await eventually(hasFailed, 50); time++) {
      const response = await watched.call(right);
      await response.body?.cancel();
      assertEquals(response.status, 200);
    }
    assert(hasFailed());
  }
  for (const secret of secretsOf(cast, right.path)) {
    assert(!printed.includes(secret), `"${secret}" in:\n${printed}`);
  }
});

Deno.test("a line counts its own request's calls of the database, whatever runs beside it", async () => {
  const cast = await (making ??= givenCast());
  const { right } = await attempts("export-feature-config", cast);
  let printed = "";
  {
    await using watched = await watch(
      "export-feature-config",
      (text) => printed += text,
    );
    await Promise.all(Array.from({ length: 12 }, async (_, at) => {
      const response = await watched.call({
        ...right,
        method: at % 3 === 0 ? "OPTIONS" : "POST",
        headers: {
          ...right.headers,
          "X-Request-Id": `request-${at}`,
          ...at % 3 === 1 ? { Authorization: "Bearer nonsense" } : {},
        },
      });
      await response.body?.cancel();
    }));
  }
  const lines = printed.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.length, 12);
  for (const line of lines) {
    const at = Number(line.request_id.replace("request-", ""));
    // who is an admin, and the export
    assertEquals(line.database_calls, at % 3 === 2 ? 2 : 0, line.request_id);
    assertEquals(line.database_ms === 0, at % 3 !== 2, line.request_id);
  }
});

function isFunction(name: string): name is FunctionName {
  return name in FUNCTIONS;
}
