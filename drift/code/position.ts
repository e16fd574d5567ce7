import type { Source } from "./chain.ts";

/** A place in a text as editors count it: from 1, columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const lineStarts = new WeakMap<Source, readonly number[]>();

/** The place of an offset. Lines end as in ECMAScript: LF, CRLF, CR, U+2028 and U+2029. */
export function positionOf(source: Source, offset: number): Position {
  const starts = startsOf(source);
  let low = 0;
  for (let high = starts.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

function startsOf(source: Source): readonly number[] {
  let starts = lineStarts.get(source);
  if (!starts) {
    starts = [0];
    const ends = source.text.matchAll(/\r\n|[\n\r\u2028\u2029]/g);
    starts = [0, ...ends.map(({ 0: end, index }) => index + end.length)];
    lineStarts.set(source, starts);
  }
  return starts;
}
