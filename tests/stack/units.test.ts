import { assertEquals } from "@std/assert";
import { parseDuration } from "../../stack/auth/duration.ts";
import { readServed } from "../../stack/served.ts";
import { queue } from "../../stack/queue.ts";
import { statusOf } from "../../stack/rest_errors.ts";
import { signToken, verifyToken } from "../../stack/tokens.ts";
import { isoTimestamp, jsonNumber, jsonText } from "../../stack/types.ts";
import { environmentOf } from "../../tasks/support/environment.ts";
import { parseSummary, summaryLine } from "../../tasks/support/summary.ts";

Deno.test("parseDuration reads Go's durations and nothing else", () => {
  assertEquals(parseDuration("876000h"), 876000 * 3600);
  assertEquals(parseDuration("2h45m"), 9900);
  assertEquals(parseDuration("1.5h"), 5400);
  assertEquals(parseDuration("-10s"), -10);
  assertEquals(parseDuration("300ms"), 0.3);
  assertEquals(parseDuration("0"), 0);
  for (const text of ["", "h", "7", "1 h", "1d", "1h-1m", "a week"]) {
    assertEquals(parseDuration(text), undefined, text);
  }
});

Deno.test("queue runs one after the other, and goes on after a failure", async () => {
  const enqueue = queue();
  const order: number[] = [];
  const work = (id: number, milliseconds: number) =>
    enqueue(async () => {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      order.push(id);
    });
  const failed = enqueue(() => Promise.reject(new Error("no"))).catch(() =>
    order.push(0)
  );
  await Promise.all([failed, work(1, 10), work(2, 0)]);
  assertEquals(order, [0, 1, 2]);
});

Deno.test("statusOf takes the exact SQLSTATE before its class", () => {
  assertEquals(["23505", "23514", "P0001", "P0002", "SB001"].map(statusOf), [
    409,
    400,
    400,
    500,
    400,
  ]);
});

Deno.test("verifyToken refuses a token that is expired, altered or malformed", () => {
  const now = new Date("2026-11-22T12:00:00Z");
  const exp = now.getTime() / 1000 + 60;
  const token = signToken({ sub: "me", exp });
  assertEquals(verifyToken(token, now), { sub: "me", exp });
  assertEquals(verifyToken(token, new Date(now.getTime() + 61_000)), undefined);
  assertEquals(verifyToken(`${token}x`, now), undefined);
  assertEquals(verifyToken(token.replace(".", ".x"), now), undefined);
  assertEquals(verifyToken("", now), undefined);
});

Deno.test("values are written as PostgREST writes them", () => {
  assertEquals(
    isoTimestamp("2026-11-22 17:05:02.262+00"),
    "2026-11-22T17:05:02.262+00:00",
  );
  assertEquals(
    isoTimestamp("2026-11-22 17:05:02+05:30"),
    "2026-11-22T17:05:02+05:30",
  );
  assertEquals(isoTimestamp("2026-11-22 17:05:02"), "2026-11-22T17:05:02");
  assertEquals(isoTimestamp("infinity"), "infinity");
  assertEquals([jsonNumber("10.00"), jsonNumber("NaN")], [10, "NaN"]);
  assertEquals([jsonText({ a: 1 }), jsonText('{"a":1}')], [
    '{"a":1}',
    '{"a":1}',
  ]);
});

Deno.test("environmentOf takes the names of supabase status and of the older keys", () => {
  const url = "http://127.0.0.1:54321";
  const expected = {
    SUPABASE_URL: url,
    SUPABASE_PUBLISHABLE_KEY: "p",
    SUPABASE_SECRET_KEY: "s",
  };
  assertEquals(
    environmentOf(url, { PUBLISHABLE_KEY: "p", SECRET_KEY: "s", DB_URL: "d" }),
    {
      ...expected,
      SUPABASE_DB_URL: "d",
    },
  );
  assertEquals(
    environmentOf(url, {
      SUPABASE_ANON_KEY: "p",
      SUPABASE_SERVICE_ROLE_KEY: "s",
    }),
    expected,
  );
  assertEquals(environmentOf(url, { PUBLISHABLE_KEY: "p" }), undefined);
  assertEquals(
    environmentOf(undefined, { PUBLISHABLE_KEY: "p", SECRET_KEY: "s" }),
    undefined,
  );
});

Deno.test("the summary of a test run is read from its last line, colours or not", () => {
  const read = (text: string) => parseSummary(`running 1 test\n${text}\n`);
  assertEquals(read("ok | 12 passed | 0 failed (1s)"), {
    passed: 12,
    failed: 0,
    skipped: 0,
  });
  assertEquals(
    read(
      "\x1b[31mFAILED\x1b[0m | 3 passed (7 steps) | 2 failed (1 step) | 4 ignored | 9 filtered out (5ms)",
    ),
    { passed: 3, failed: 2, skipped: 4 },
  );
  assertEquals(read("error: no"), undefined);
  assertEquals(
    summaryLine([{ passed: 1, failed: 2, skipped: 0 }, {
      passed: 0,
      failed: 0,
      skipped: 3,
    }]),
    "1 passed, 2 failed, 3 skipped",
  );
});

Deno.test("a folder of functions is served in place of config.toml's, and beside them", async () => {
  const folder = await Deno.makeTempDir();
  for (const path of ["known/index.js", "new/index.ts", "other/notes.md"]) {
    await Deno.mkdir(`${folder}/${path.split("/")[0]}`);
    await Deno.writeTextFile(`${folder}/${path}`, "");
  }
  const kept = { enabled: true, verify_jwt: true };
  assertEquals(readServed(folder, { known: kept, kept }), {
    kept,
    known: { ...kept, entrypoint: `${folder}/known/index.js` },
    new: {
      enabled: true,
      verify_jwt: false,
      import_map: "../import_map.json",
      entrypoint: `${folder}/new/index.ts`,
    },
  });
  await Deno.remove(folder, { recursive: true });
});
