/** The middle one, or the mean of the two in the middle. @throws {RangeError} of nothing */
export function median(values: readonly number[]): number {
  const sorted = inOrder(values);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1
    ? upper
    : ((sorted[half - 1] ?? NaN) + upper) / 2;
}

/**
 * The value that so many per cent are not above: the nearest rank, so that it is one of the values.
 *
 * @throws {RangeError} of nothing, or when `percent` is not within 0 … 100
 */
export function percentile(values: readonly number[], percent: number): number {
  if (!(percent >= 0 && percent <= 100)) {
    throw new RangeError(`${percent} per cent`);
  }
  const sorted = inOrder(values);
  const rank = Math.ceil(percent / 100 * sorted.length);
  return sorted[Math.max(rank, 1) - 1] ?? NaN;
}

function inOrder(values: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError("no values");
  return values.toSorted((a, b) => a - b);
}
