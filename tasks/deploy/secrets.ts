import { parseEnv } from "node:util";
import { LOCAL_DEFAULTS } from "../../stack/defaults.ts";
import { StackError } from "../../stack/errors.ts";
import { SETTINGS } from "./settings.ts";

/** By name, the SHA-256 of each value in hexadecimal: all that the platform tells of a secret. */
export type Digests = ReadonlyMap<string, string>;

/** What becomes of the functions' secrets. Names only: values stay in the file. */
export interface SecretsPlan {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
}

/** The API takes no longer value. */
const LONGEST = 24_576;

/**
 * Reads a file of secrets.
 *
 * @throws {StackError} when it cannot be read, or naming what must not be in it
 */
export async function readSecrets(
  path: string,
): Promise<ReadonlyMap<string, string>> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(`--env-file: ${reason}`);
  }
  const secrets = new Map<string, string>();
  for (const [name, value = ""] of Object.entries(parseEnv(text))) {
    const fault = faultOf(name, value);
    if (fault) throw new StackError(`--env-file: ${name} ${fault}`);
    secrets.set(name, value);
  }
  return secrets;
}

function faultOf(name: string, value: string): string | undefined {
  if (!SETTINGS.some((setting) => setting.name === name)) {
    return "is a setting of no function: see README, Settings";
  }
  if (value === "") return "has no value";
  if (value.length > LONGEST) return `is longer than ${LONGEST} characters`;
  if (value === LOCAL_DEFAULTS[name]) {
    return "has the value that everybody's local stack has";
  }
  if (name === "CALENDAR_HMAC_SECRET" && value.length < 32) {
    return "is shorter than 32 bytes";
  }
}

/**
 * Compares what is given with what the project has.
 *
 * @throws {StackError} naming each required setting that neither has
 */
export async function planSecrets(
  given: ReadonlyMap<string, string>,
  project: Digests,
): Promise<SecretsPlan> {
  const has = (name: string) => given.has(name) || project.has(name);
  const missing = SETTINGS.filter((it) => it.required && !has(it.name))
    .map(({ name, why }) => `\n  ${name}  ${why}`);
  if (has("AI_API_KEY") && !has("AI_MODEL")) {
    missing.push("\n  AI_MODEL  AI_API_KEY is of no use without it");
  }
  if (missing.length > 0) {
    throw new StackError(
      `the functions lack secrets; give them with --env-file:${
        missing.join("")
      }`,
    );
  }
  const plan = {
    added: [] as string[],
    changed: [] as string[],
    unchanged: [] as string[],
  };
  for (const [name, value] of given) {
    const there = project.get(name);
    const same = there === await sha256(value);
    (there === undefined ? plan.added : same ? plan.unchanged : plan.changed)
      .push(name);
  }
  return plan;
}

async function sha256(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
