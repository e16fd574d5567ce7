const UNIT_SECONDS: Record<string, number> = {
  ns: 1e-9,
  us: 1e-6,
  "µs": 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g;
const DURATION = new RegExp(`^[-+]?(?:${PART.source})+$`);

/** Seconds in a Go duration such as `2h45m` (Go, time.ParseDuration); `undefined` when it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  if (!DURATION.test(text)) return undefined;
  const seconds = [...text.matchAll(PART)].reduce(
    (sum, [, amount, unit]) =>
      sum + Number(amount) * (UNIT_SECONDS[unit ?? ""] ?? 0),
    0,
  );
  return text.startsWith("-") ? -seconds : seconds;
}
