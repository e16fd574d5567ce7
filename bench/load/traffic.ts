import type { Kind } from "./kinds.ts";

/** What became of the requests of one kind. */
export interface Outcome {
  name: string;
  /** Milliseconds until the last byte of each answer that was expected. */
  durations: number[];
  /** What nobody expected: a status with the start of its body, or what broke. */
  errors: string[];
}

/**
 * Keeps so many connections busy for so long, with kinds drawn by their weights. Each connection sends
 * its next request when it has read the last answer.
 */
export async function drive(
  kinds: Kind[],
  { seconds, connections }: { seconds: number; connections: number },
): Promise<Outcome[]> {
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0);
  const states = kinds.map((kind) => ({
    kind,
    sent: 0,
    outcome: { name: kind.name, durations: [], errors: [] } as Outcome,
  }));
  const end = performance.now() + seconds * 1_000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        let draw = Math.random() * total;
        const state = states.find(({ kind }) => (draw -= kind.weight) < 0);
        if (state) await send(state.kind, state.sent++, state.outcome);
      }
    }),
  );
  return states.map(({ outcome }) => outcome);
}

async function send(
  { request, expected = [200] }: Kind,
  n: number,
  { durations, errors }: Outcome,
): Promise<void> {
  const prepared = await request(n);
  const started = performance.now();
  try {
    const response = await fetch(prepared);
    const text = await response.text();
    if (expected.includes(response.status)) {
      durations.push(performance.now() - started);
    } else {
      errors.push(`${response.status} ${text.slice(0, 200)}`);
    }
  } catch (error) {
    errors.push(error instanceof Error ? error.message : String(error));
  }
}
