import { assert, assertEquals } from "@std/assert";
import {
  type FunctionName,
  FUNCTIONS,
} from "../../supabase/functions/_shared/access.ts";
import { ERRORS } from "../../supabase/functions/_shared/errors.ts";
import { api } from "../support/stack.ts";
import { type Cast, givenCast } from "./cast.ts";
import { SAMPLES } from "./samples.ts";
import { RIGHT, WRONG, type Wrong } from "./wrong.ts";

let making: Promise<Cast> | undefined;
const theCast = () => making ??= givenCast();

async function call(
  name: FunctionName,
  cast: Cast,
  { headers, path }: Partial<Wrong> = {},
): Promise<Response> {
  const { method, body, ...sample } = SAMPLES[name];
  const right = sample.headers ?? RIGHT[FUNCTIONS[name]];
  const tail = await (path ?? sample.path)?.(cast) ?? "";
  return await fetch(`${api.url}/functions/v1/${name}${tail}`, {
    method,
    headers: await (headers ?? right)?.(cast) ?? {},
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function assertRefused(
  response: Response,
  cast: Cast,
  { what, code }: Wrong,
): Promise<void> {
  const text = await response.text();
  assertEquals(response.status, ERRORS[code][0], `${what}: ${text}`);
  const { error, ...rest } = JSON.parse(text);
  assertEquals(rest, { code }, what);
  assertEquals(typeof error, "string", what);
  assertEquals(response.headers.get("Cache-Control"), "no-store", what);
  assert(response.headers.has("X-Request-Id"), what);
  const { id, email, name, token } = cast.user;
  for (const data of [id, email, name, token, api.secretKey]) {
    assert(!text.includes(data), `${what}: ${text}`);
  }
}

for (const [name, { state, wrong = [] }] of Object.entries(SAMPLES)) {
  if (!isFunction(name)) continue;
  const refused = [...WRONG[FUNCTIONS[name]], ...wrong];

  Deno.test(`${name} refuses every wrong credential, and changes nothing`, async () => {
    const cast = await theCast();
    assert(refused.length > 0, "nothing is refused: the sample needs `wrong`");
    const before = await state?.(cast);
    for (const attempt of refused) {
      await assertRefused(await call(name, cast, attempt), cast, attempt);
    }
    assertEquals(await state?.(cast), before);
  });
}

// After the refusals: these change what they are meant to change.
for (const [name, { answers = 200 }] of Object.entries(SAMPLES)) {
  if (!isFunction(name)) continue;
  Deno.test(`${name} answers who may call it`, async () => {
    const response = await call(name, await theCast());
    const text = await response.text();
    assertEquals(response.status, answers, text);
  });
}

function isFunction(name: string): name is FunctionName {
  return name in FUNCTIONS;
}
