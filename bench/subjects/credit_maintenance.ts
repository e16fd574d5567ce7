import { startCounting } from "../calls.ts";
import type { Contest, Contestant, Send } from "../contest.ts";
import { givenOwners, type Owners, type Untouched } from "../data/owners.ts";
import { count } from "../format.ts";
import { expecting } from "../request.ts";
import type { Subject } from "../subject.ts";

const NAME = "credit-maintenance";
const SIZES = [1_000, 10_000, 100_000];
/** The loop is timed over so many owners, in the proportion of users and organisations, and scaled. */
const SAMPLE = { users: 240, organizations: 60 };
const SAMPLED = SAMPLE.users + SAMPLE.organizations;
const ROUNDS = 3;
/** Beyond this a run outlasts the endpoint's 140 s: it is called in SQL, as pg_cron does, and once. */
const MOST_BY_HTTP = 100_000;
const PARTS = ["grant", "rollover", "expire", "cleanup", "stats"];

/** How many calls a run makes: found out once, on the smallest number of owners. */
interface Calls {
  readonly ours: number;
  /** Of the lists, beside the calls an owner. */
  readonly lists: number;
}

/**
 * One run over all owners, beside a call an owner as the former endpoint made, each on a copy of one
 * database. The former only carries credits over; a whole run of ours does all its other parts as well.
 */
export const creditMaintenance: Subject = {
  name: NAME,
  async *contests({ owners, dbUrl, progress }) {
    let calls: Calls | undefined;
    for (const size of [...SIZES.filter((it) => it < owners), owners]) {
      progress(`${NAME}: ${count(size)} owners`);
      await using given = await givenOwners(size, dbUrl);
      await using ground = new Ground(given);
      calls ??= await callsOn(ground);
      yield contestOf(size, ground, calls);
    }
  },
};

/** One stack at a time, each over owners that nobody has touched. */
class Ground implements AsyncDisposable {
  #current: Untouched | undefined;

  constructor(private readonly owners: Owners) {}

  async renewed(): Promise<Untouched> {
    await this[Symbol.asyncDispose]();
    return this.#current = await this.owners.untouched();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.[Symbol.asyncDispose]();
  }
}

function contestOf(size: number, ground: Ground, calls: Calls): Contest {
  const isByHttp = size <= MOST_BY_HTTP;
  const run = (name: string, action: string): Contestant => ({
    name,
    role: "ours",
    calls: calls.ours,
    prepare: () =>
      isByHttp
        ? ready(ground, `functions/v1/${NAME}`, { action: "stats" }, { action })
        : ready(ground, "rest/v1/rpc/run_credit_maintenance", {
          p_actions: ["stats"],
        }, { p_actions: action === "all" ? PARTS : [action] }),
  });
  return {
    subject: NAME,
    size: `${count(size)} owners`,
    rounds: isByHttp ? ROUNDS : 1,
    warmUp: 0,
    contestants: [
      run("all parts", "all"),
      run("rollover only", "rollover"),
      {
        name: "rollover only",
        role: "replaced",
        calls: calls.lists + size,
        scale: size / SAMPLED,
        prepare: () =>
          ready(ground, `functions/v1/former-${NAME}`, NOBODY, SAMPLE),
      },
    ],
  };
}

const NOBODY = { users: 0, organizations: 0 };

/** The run, on an untouched database and with whoever answers it started by another request. */
async function ready(
  ground: Ground,
  path: string,
  first: object,
  body: object,
): Promise<Send> {
  const { url, secretKey } = await ground.renewed();
  await posting(path, secretKey, first)(url);
  const send = posting(path, secretKey, body);
  return () => send(url);
}

function posting(path: string, secretKey: string, body: object): Send {
  return expecting(200, `/${path}`, {
    method: "POST",
    headers: { apikey: secretKey, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function callsOn(ground: Ground): Promise<Calls> {
  const { url, secretKey } = await ground.renewed();
  await using gateway = await startCounting(url);
  const counted = (name: string, body: object) =>
    gateway.callsOf({
      prepare: () =>
        Promise.resolve(posting(`functions/v1/${name}`, secretKey, body)),
    });
  const former = await counted(`former-${NAME}`, SAMPLE);
  return {
    ours: await counted(NAME, { action: "all" }),
    lists: former - SAMPLED,
  };
}
