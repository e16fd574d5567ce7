/** The memory of one process over time. */
export interface Memory {
  /** `stack`, or the function that runs in it. */
  name: string;
  /** Resident, in MB: at the start, halfway, at the end. */
  start: number;
  middle: number;
  end: number;
  /** How much it grew over the second half, by the line through all its samples there, in MB. */
  growth: number;
  isSteady: boolean;
}

interface Sample {
  seconds: number;
  megabytes: number;
}

/**
 * What may come between two of V8's major collections, of the mean: it lets the heap grow by that much
 * and more. What is really kept shows when --seconds are several minutes.
 */
const TOLERANCE = 0.3;

/** Watches the process of the stack and those of its functions, once a second, until it is stopped. */
export function watchMemory(pid: number): { stop(): Promise<Memory[]> } {
  const samples = new Map<string, Sample[]>();
  const started = performance.now();
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const seconds = (performance.now() - started) / 1_000;
      for (const [name, megabytes] of await residents(pid)) {
        const its = samples.get(name) ?? [];
        its.push({ seconds, megabytes });
        samples.set(name, its);
      }
      await new Promise((done) => setTimeout(done, 1_000));
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await watching;
      return [...samples].map(([name, its]) => judge(name, its));
    },
  };
}

/** What the samples of a process come to. */
export function judge(name: string, samples: Sample[]): Memory {
  const second = samples.slice(Math.floor(samples.length / 2));
  const [first, half, last] = [samples[0], second[0], second.at(-1)];
  if (!first || !half || !last) throw new Error(`no sample of ${name}`);
  const growth = slopeOf(second) * (last.seconds - half.seconds);
  return {
    name,
    start: first.megabytes,
    middle: half.megabytes,
    end: last.megabytes,
    growth,
    isSteady: growth <= TOLERANCE * mean(second.map((it) => it.megabytes)),
  };
}

/** Of the line of least squares, in MB a second. */
function slopeOf(samples: Sample[]): number {
  const [x, y] = [
    mean(samples.map((it) => it.seconds)),
    mean(samples.map((it) => it.megabytes)),
  ];
  const [over, under] = samples.reduce(
    ([over, under], { seconds, megabytes }) => [
      over + (seconds - x) * (megabytes - y),
      under + (seconds - x) ** 2,
    ],
    [0, 0],
  );
  return under === 0 ? 0 : over / under;
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** By name, of the stack's process and its children. */
async function residents(pid: number): Promise<[string, number][]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-eo", "pid=,ppid=,rss=,args="],
  }).output();
  return new TextDecoder().decode(stdout).split("\n").flatMap((line) => {
    const [, id, parent, kilobytes, command = ""] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    const megabytes = Number(kilobytes) / 1_024;
    if (Number(id) === pid) return [["stack", megabytes]];
    const [, name] = /functions\/([\w-]+)\/index\.[jt]s$/.exec(command) ?? [];
    return Number(parent) === pid && name ? [[name, megabytes]] : [];
  });
}
