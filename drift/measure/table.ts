/** What came of one checkout. */
export interface Row {
  readonly root: string;
  /** What its database was known by. */
  readonly by: string;
  readonly files: number;
  readonly calls: number;
  readonly unread: number;
  readonly milliseconds: number;
  /** Findings by what persons said of them; `open` where nobody has. */
  readonly right: number;
  readonly wrong: number;
  readonly open: number;
}

const HEAD = [
  "checkout",
  "by",
  "files",
  "calls",
  "not read",
  "ms",
  "right",
  "wrong",
  "open",
  "precision",
];

/** The rows and their sum, as Markdown. */
export function table(rows: readonly Row[]): string {
  const all = rows.length > 1 ? [...rows, sumOf(rows)] : rows;
  return [HEAD, HEAD.map(() => "---"), ...all.map(cells)]
    .map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** Of the findings that were judged, those that are right. */
export function precisionOf({ right, wrong }: Row): string {
  return right + wrong === 0
    ? "–"
    : `${(100 * right / (right + wrong)).toFixed(1)} %`;
}

function cells(row: Row): string[] {
  const { root, by, files, calls, unread, right, wrong, open } = row;
  return [
    root,
    by,
    ...[files, calls, unread, Math.round(row.milliseconds), right, wrong, open]
      .map(String),
    precisionOf(row),
  ];
}

function sumOf(rows: readonly Row[]): Row {
  const sum = (key: Exclude<keyof Row, "root" | "by">) =>
    rows.reduce((total, row) => total + row[key], 0);
  return {
    root: "all",
    by: "",
    files: sum("files"),
    calls: sum("calls"),
    unread: sum("unread"),
    milliseconds: sum("milliseconds"),
    right: sum("right"),
    wrong: sum("wrong"),
    open: sum("open"),
  };
}
