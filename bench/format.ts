/** A time for a person: three digits, in the unit that suits. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 120_000) return `${digits(milliseconds / 60_000)} min`;
  if (milliseconds >= 1_000) return `${digits(milliseconds / 1_000)} s`;
  return `${digits(milliseconds)} ms`;
}

/** A ratio: `1.24 ×`. */
export function ratio(value: number): string {
  return `${digits(value)} ×`;
}

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString("en");
}

function digits(value: number): string {
  return value.toLocaleString("en", {
    minimumFractionDigits: decimals(value),
    maximumFractionDigits: decimals(value),
  });
}

function decimals(value: number): number {
  if (value >= 99.95) return 0;
  return value >= 9.995 ? 1 : 2;
}
