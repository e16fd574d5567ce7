import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { StackError } from "../../stack/errors.ts";
import { parseOptions } from "../../tasks/deploy/options.ts";

const REF = "abcdefghijklmnopqrst";
const POOLER = "aws-0-eu-central-1.pooler.supabase.com";

const parse = (...args: string[]) =>
  parseOptions([`--project=${REF}`, ...args], {});

Deno.test("deploy refuses a command line it cannot go by, and says what to give", () => {
  const cases: [string[], string][] = [
    [["--project=innotrue"], "20 lower case letters"],
    [[], "SUPABASE_DB_URL"],
    [["--db=127.0.0.1"], "postgresql://user:password@host"],
    [
      ["--db=postgresql://postgres:p@db.zzzzzzzzzzzzzzzzzzzz.supabase.co:5432/postgres"],
      `not the database of ${REF}`,
    ],
    [
      [`--db=postgresql://postgres.zzzzzzzzzzzzzzzzzzzz:p@${POOLER}:5432/postgres`],
      `not the database of ${REF}`,
    ],
    [
      [`--db=postgresql://postgres.${REF}:p@${POOLER}:6543/postgres`],
      "port 5432",
    ],
    [["--write-known"], "--known"],
    [["--force"], "--help"],
  ];
  for (const [args, reason] of cases) {
    const { message } = assertThrows(() => parse(...args), StackError);
    assertStringIncludes(message, reason);
    assertEquals(message.includes(":p@"), false);
  }
});

Deno.test("deploy takes the database from SUPABASE_DB_URL, and encrypts what goes to Supabase", () => {
  const url = `postgresql://postgres.${REF}:p@${POOLER}:5432/postgres`;
  assertEquals(
    parseOptions([`--project=${REF}`], { SUPABASE_DB_URL: url })?.db,
    `${url}?sslmode=require`,
  );
  const own = "postgresql://postgres:p@127.0.0.1:5432/postgres";
  assertEquals(parse(`--db=${own}`)?.db, own);
  assertEquals(parse("--help"), undefined);
});
