import { assertEquals } from "@std/assert";
import { readContracts } from "../../../drift/contract/read.ts";
import { judgeCode } from "../../../drift/gate.ts";
import { text } from "../../../drift/report/text.ts";
import { catalog } from "../gate/catalog.ts";

const FUNCTIONS = {
  "send-mail": `
import * as z from "zod/mini";
import { Address } from "../_shared/fields.ts";
export default endpoint({
  methods: ["POST"],
  input: z.object({ to: Address, count: z.optional(z.number()), kind: z.enum(["plain", "html"]) }),
  handle() {},
});`,
  "old-style": `
Deno.serve(async (req) => {
  const { name, email: address = "" } = await req.json();
});`,
  "by-name": `
serve(async (req: Request) => {
  let body;
  try { body = await req.json() as Body; } catch { return new Response(null, { status: 400 }); }
  if (!body) return;
  await send(body.subject, body["text"]);
});`,
  strict: `
const Input = z.object({ id: z.string().uuid(), note: z.string().optional() }).strict();
Deno.serve(async (request) => {
  const input = Input.safeParse(await request.json().catch(() => ({})));
});`,
  passes: `
Deno.serve(async (req) => {
  const body = await req.json();
  await keep(body);
});`,
  dispatch: `
Deno.serve(async (req) => {
  if (req.method === "OPTIONS") return new Response(null);
  const { action, ...rest } = await req.json();
});`,
  twice: `
export async function handler(req: Request) {
  const payload: { a: string } = await req.json();
  const { a, b } = payload;
  console.log(payload.c);
}`,
  texts: `
Deno.serve(async (req) => { const { a } = JSON.parse(await req.text()); });`,
};

const contracts = readContracts(
  [
    ...Object.entries(FUNCTIONS).map(([name, text]) => ({
      file: `supabase/functions/${name}/index.ts`,
      text,
    })),
    {
      file: "supabase/functions/_shared/fields.ts",
      text: `export const Address = z.string().check(z.email());`,
    },
  ],
  new Map(
    Object.keys(FUNCTIONS).map((name) => [
      name,
      `supabase/functions/${name}/index.ts`,
    ]),
  ),
);

function judged(call: string, level = "drift"): string[] {
  const code =
    `import { supabase } from "./client";\nsupabase.functions.invoke(${call});`;
  const { findings } = judgeCode(
    [{ file: "src/a.ts", text: code }],
    { ...catalog, contracts },
  );
  return findings.filter((it) => it.level === level)
    .map((it) => text([it]).replace("src/a.ts:2:", ""));
}

Deno.test("a call of an edge function that is not there is found, a path within one is not", () => {
  assertEquals(judged(`"send-mial", { body: {} }`), [
    '28 unknown-edge-function: there is no edge function "send-mial" — did you mean "send-mail"?',
  ]);
  assertEquals(judged(`"passes/7?x=1"`), []);
  assertEquals(judged("`${name}-mail`"), []);
});

Deno.test("the body is held against the schema: missing, of another type, not one of the values", () => {
  const good = `"send-mail", { body: { to: "a@b.c", kind: "html" } }`;
  assertEquals(judged(good), []);
  assertEquals(judged(`"send-mail", { body: { to: 7, kind: "htm" } }`), [
    '54 invalid-body-value: send-mail: "to" is string, not number',
    '64 invalid-body-value: send-mail: "kind" is one of plain, html, not htm',
  ]);
  assertEquals(judged(`"send-mail", { body: { to: address } }`), [
    '48 missing-body-field: send-mail requires "kind"',
  ]);
  assertEquals(judged(`"send-mail"`), [
    '28 missing-body-field: send-mail requires "to"',
    '28 missing-body-field: send-mail requires "kind"',
  ]);
});

Deno.test("what is spread, made elsewhere or not written out is not judged", () => {
  assertEquals(judged(`"send-mail", { body: { ...rest } }`), []);
  assertEquals(judged(`"send-mail", { body: JSON.stringify(it) }`), []);
  assertEquals(judged(`"send-mail", options`), []);
  assertEquals(judged(`"passes", { body: { anything: 1 } }`), []);
  assertEquals(judged(`"texts", { body: { b: 1 } }`), []);
  assertEquals(judged(`"dispatch", { body: { actoin: 1 } }`), []);
  assertEquals(judged(`"twice", { body: formData }`), []);
  assertEquals(judged(`"twice", { body: { a: 1, b: 2, c: 3 } }`), []);
});

Deno.test("methods are those that the function names", () => {
  assertEquals(judged(`"send-mail", { method: "GET" }`), [
    "50 invalid-method: send-mail takes POST, not GET",
  ]);
  assertEquals(judged(`"old-style", { method: "GET" }`), []);
});

Deno.test("a field that nobody reads is drift where it is misspelt, else advice; where it is refused, always", () => {
  assertEquals(judged(`"old-style", { body: { nmae: "x" } }`), [
    '50 unknown-body-field: old-style reads no "nmae" — did you mean "name"?',
  ]);
  assertEquals(judged(`"old-style", { body: { email: 1, phone: 2 } }`), []);
  assertEquals(judged(`"old-style", { body: { phone: 2 } }`, "advice"), [
    '50 unknown-body-field: old-style reads no "phone"',
  ]);
  assertEquals(judged(`"by-name", { body: { subject: 1, txt: 2 } }`), [
    '60 unknown-body-field: by-name reads no "txt" — did you mean "text"?',
  ]);
  assertEquals(judged(`"strict", { body: { id: "x", more: 2 } }`), [
    '56 unknown-body-field: strict takes no "more"',
  ]);
});

Deno.test("helpers that are given the name are read for each call", () => {
  const code = `
const call = (name: string, body: object) => supabase.functions.invoke(name, { body });
call("strict", {});
call("stricd", { id: "x" });`;
  const { findings } = judgeCode(
    [{ file: "a.ts", text: code }],
    { ...catalog, contracts },
  );
  assertEquals(findings.map((it) => text([it])), [
    'a.ts:2:72 unknown-edge-function: there is no edge function "stricd", from a.ts:4:7 — did you mean "strict"?',
    'a.ts:2:80 missing-body-field: strict requires "id", from a.ts:3:16',
  ]);
});
