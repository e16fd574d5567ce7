import { fileURLToPath } from "node:url";
import {
  type FunctionName,
  FUNCTIONS,
} from "../../supabase/functions/_shared/access.ts";
import { VERSION } from "../../supabase/functions/_shared/version.ts";
import { bundlesOf } from "../deploy/bundles.ts";
import { type Answer, ask, codeOf, inWords } from "./ask.ts";
import type { Finding } from "./finding.ts";
import type { Target } from "./options.ts";
import { type Probe, probesOf, statusOf } from "./probes.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(
  /[\\/]$/,
  "",
);

/** The web app's address, which every function lets in. */
const ORIGIN = "https://app.innotrue.com";
/** Where `deploy` deploys to. */
const HOSTED = /\.supabase\.co$/;
/** So many functions at a time: each starts a worker. */
const AT_ONCE = 4;

/** Every function: whether it is there, knows its callers, and has this checkout's version. */
export async function examineFunctions(
  target: Target,
  progress: (line: string) => void,
): Promise<Finding[]> {
  const names = Object.keys(FUNCTIONS).filter(isFunction);
  progress("bundling the functions");
  const digests = new Map(
    (await bundlesOf(ROOT)).map(({ name, digest }) => [name, digest]),
  );
  const findings: Finding[] = [];
  const waiting = names.values();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const name of waiting) {
      findings.push(await examine(name, target, digests.get(name)));
      progress(`${findings.length} of ${names.length} functions`);
    }
  }));
  return findings.sort((a, b) => a.name < b.name ? -1 : 1);
}

async function examine(
  name: FunctionName,
  target: Target,
  digest: string | undefined,
): Promise<Finding> {
  const finding = (status: Finding["status"], detail: string): Finding => ({
    part: "function",
    name,
    status,
    detail,
  });
  const url = `${target.url}/functions/v1/${name}`;
  const probes = probesOf(name, FUNCTIONS[name], target.key);

  const preflight = await ask(url, {
    method: "OPTIONS",
    headers: { Origin: ORIGIN, "Access-Control-Request-Method": "POST" },
  });
  const problem = problemOf(preflight) ?? await firstProblem(url, probes);
  if (problem !== undefined) return finding("red", problem);

  const version = preflight.headers.get("X-Version") ?? "none";
  if (version !== VERSION) {
    return finding(
      "amber",
      `Its version is ${
        version.slice(0, 20)
      }, this checkout's ${VERSION}: deploy it.`,
    );
  }
  const bundle = preflight.headers.get("X-Bundle");
  if (bundle === null && HOSTED.test(target.url)) {
    return finding("amber", "It runs from its source, not bundled: deploy it.");
  }
  if (bundle !== null && bundle !== digest) {
    return finding(
      "amber",
      `Its bundle is ${
        bundle.slice(0, 30)
      }, this checkout's ${digest}: deploy it.`,
    );
  }
  return finding(
    "green",
    `${version}; refuses ${listed(probes)}; ${bundle ?? "runs from source"}.`,
  );
}

/** Why a preflight is not one of our functions', answering the web app. */
function problemOf(answer: Answer): string | undefined {
  if (!answer.headers.has("X-Request-Id")) return ofPlatform(answer);
  if (answer.status !== 200) {
    return `A preflight is answered ${inWords(answer)}.`;
  }
  const allowed = answer.headers.get("Access-Control-Allow-Origin");
  return allowed === ORIGIN ? undefined : `CORS does not let ${ORIGIN} in.`;
}

async function firstProblem(
  url: string,
  probes: readonly Probe[],
): Promise<string | undefined> {
  for (const probe of probes) {
    const { what, method, path = "", headers = {}, body } = probe;
    const answer = await ask(url + path, { method, headers, body });
    if (answer.status === statusOf(probe) && codeOf(answer) === probe.code) {
      continue;
    }
    if (!answer.headers.has("X-Request-Id")) return ofPlatform(answer);
    if (["not_configured", "setting_missing"].includes(codeOf(answer))) {
      return "A setting is missing: its log names it, the README lists them.";
    }
    return `With ${what} it answers ${inWords(answer)} instead of ${
      statusOf(probe)
    } ${probe.code}.`;
  }
}

/** What an answer that is not the function's own means. */
function ofPlatform(answer: Answer): string {
  if (answer.status === 0) return "No answer.";
  if (answer.status === 404) return "It is not deployed.";
  if (answer.status === 401) {
    return "The platform answers in its place: verify_jwt is on, config.toml has it off.";
  }
  return `The platform answers in its place, ${
    inWords(answer)
  }: the function's log says why.`;
}

function listed(probes: readonly Probe[]): string {
  const names = probes.map(({ what }) => what);
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function isFunction(name: string): name is FunctionName {
  return name in FUNCTIONS;
}
