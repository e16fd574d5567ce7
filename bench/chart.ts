import { escape } from "@std/html";
import { duration, ratio } from "./format.ts";
import type { Pair } from "./pairs.ts";

const WIDTH = 820;
const ROW = 24;
const TOP = 96;
const BOTTOM = 48;
/** Where the plot begins and ends. */
const LEFT = 280;
const RIGHT = 724;

/** One font everywhere; both palettes have enough contrast on their own card. */
const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1b1b1a; }
  .title { font-size: 16px; font-weight: 600; }
  .subject { font-weight: 600; }
  .quiet { fill: #5f5e5a; }
  .card { fill: #fcfcfb; stroke: #dddcd7; }
  .grid { stroke: #e6e5e0; }
  .span { stroke: #b9b8b2; stroke-width: 3; }
  .ours { fill: #1f6fc9; }
  .replaced { fill: #fcfcfb; stroke: #c9551f; stroke-width: 2.5; }
  .floor { stroke: #5f5e5a; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f2f1ee; }
    .quiet { fill: #b3b2ac; }
    .card { fill: #1a1a19; stroke: #3a3a37; }
    .grid { stroke: #31312e; }
    .span { stroke: #5d5c57; }
    .ours { fill: #5aa2f0; }
    .replaced { fill: #1a1a19; stroke: #f08a55; }
    .floor { stroke: #b3b2ac; }
  }`;

/**
 * The pairs as an SVG: a dot for ours, a ring for the stand-in, on a logarithmic axis, since a feed takes
 * milliseconds and a loop over all owners minutes. It has a ground of its own, for light and dark pages.
 *
 * @param caption where and when it was measured
 */
export function toChart(pairs: readonly Pair[], caption: string): string {
  const at = scaleOf(pairs);
  const lines: string[] = [];
  let y = TOP;
  for (const [subject, rows] of Map.groupBy(pairs, (it) => it.subject)) {
    y += ROW;
    lines.push(text(24, y, subject, "subject"));
    for (const pair of rows) {
      // an only row is beside the function's name, which says all there is to say
      if (rows.length > 1) {
        y += ROW;
        lines.push(text(36, y, labelOf(pair, rows)));
      }
      lines.push(...marksOf(pair, y, at));
    }
  }
  const height = y + BOTTOM;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title caption">
<style>${STYLE}
</style>
<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${
    height - 1
  }" rx="8" />
<text id="title" class="title" x="24" y="34">Median time of a request, and of one in the way it used to work</text>
${legend()}
${ticksOf(at).map(({ ms, x }) => tick(ms, x, y + ROW / 2)).join("\n")}
${lines.join("\n")}
<text id="caption" class="quiet" x="24" y="${height - 16}">${
    escape(caption)
  }</text>
</svg>
`;
}

type Scale = {
  readonly low: number;
  readonly high: number;
  (ms: number): number;
};

/** From whole power of ten to whole power of ten. */
function scaleOf(pairs: readonly Pair[]): Scale {
  const times = pairs.flatMap((it) => [
    it.ours_ms,
    it.replaced_ms,
    ...it.floor_ms === null ? [] : [it.floor_ms],
  ]);
  const low = Math.floor(Math.log10(Math.min(...times)));
  const high = Math.max(Math.ceil(Math.log10(Math.max(...times))), low + 1);
  const scale = (ms: number) =>
    LEFT + (Math.log10(ms) - low) / (high - low) * (RIGHT - LEFT);
  return Object.assign(scale, { low, high });
}

function ticksOf(at: Scale): { ms: number; x: number }[] {
  return Array.from(
    { length: at.high - at.low + 1 },
    (_, index) => 10 ** (at.low + index),
  ).map((ms) => ({ ms, x: at(ms) }));
}

function tick(ms: number, x: number, bottom: number): string {
  return `<line class="grid" x1="${px(x)}" x2="${px(x)}" y1="${
    TOP - 4
  }" y2="${bottom}" />
${text(x, TOP - 12, axisLabel(ms), "quiet", "middle")}`;
}

function axisLabel(ms: number): string {
  return ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`;
}

/** What sets a row apart from the function's others: the size and, where they differ, the name. */
function labelOf({ name, size }: Pair, rows: readonly Pair[]): string {
  const isSame = rows.every((row) => row.name === name);
  return [isSame ? "" : name, size].filter(Boolean).join(", ");
}

function marksOf(pair: Pair, y: number, at: Scale): string[] {
  const { ours_ms, replaced_ms, floor_ms, times_faster } = pair;
  const [ours, replaced] = [at(ours_ms), at(replaced_ms)];
  const middle = y - 4;
  return [
    `<line class="span" x1="${px(ours)}" x2="${
      px(replaced)
    }" y1="${middle}" y2="${middle}" />`,
    ...floor_ms === null ? [] : [
      `<line class="floor" x1="${px(at(floor_ms))}" x2="${
        px(at(floor_ms))
      }" y1="${middle - 7}" y2="${middle + 7}" />`,
    ],
    `<circle class="replaced" cx="${
      px(replaced)
    }" cy="${middle}" r="5"><title>${duration(replaced_ms)}</title></circle>`,
    `<circle class="ours" cx="${px(ours)}" cy="${middle}" r="6"><title>${
      duration(ours_ms)
    }</title></circle>`,
    text(WIDTH - 24, y, ratio(times_faster), "", "end"),
  ];
}

function legend(): string {
  return `<circle class="ours" cx="30" cy="56" r="6" />
${text(42, 60, "this repository")}
<circle class="replaced" cx="166" cy="56" r="5" />
${text(178, 60, "stand-in for what it replaces")}
<line class="floor" x1="380" x2="380" y1="49" y2="63" />
${text(390, 60, "floor: a function with one trivial RPC")}
${text(WIDTH - 24, 60, "times faster", "quiet", "end")}`;
}

function text(
  x: number,
  y: number,
  content: string,
  style = "",
  anchor = "start",
): string {
  const attributes = [
    style && ` class="${style}"`,
    anchor === "start" ? "" : ` text-anchor="${anchor}"`,
  ].join("");
  return `<text x="${px(x)}" y="${y}"${attributes}>${escape(content)}</text>`;
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
