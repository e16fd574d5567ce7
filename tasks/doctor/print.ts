import { type Finding, type Status, worst } from "./finding.ts";

const COLORS: Record<Status, number> = {
  green: 32,
  amber: 33,
  red: 31,
  "not checked": 2,
};

const HEADINGS: [Finding["part"], string][] = [
  ["function", "Functions"],
  ["database", "Database"],
  ["drift", "Drift"],
];

/** The findings as a table for a person: the status in words, and in colour where that is wanted. */
export function toTable(
  findings: readonly Finding[],
  isColored: boolean,
): string {
  const paint = (status: Status, text: string = status) =>
    isColored ? `\x1b[${COLORS[status]}m${text}\x1b[0m` : text;
  const width = Math.max(...findings.map(({ name }) => name.length));
  const sections = HEADINGS.map(([part, heading]) => {
    const rows = findings.filter((finding) => finding.part === part).map((
      { status, name, detail },
    ) =>
      `  ${paint(status, status.padEnd(11))}  ${name.padEnd(width)}  ${detail}`
    );
    return [heading, ...rows].join("\n");
  });
  const count = (wanted: Status) =>
    findings.filter(({ status }) => status === wanted).length;
  const counts = (["green", "amber", "red"] as const)
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status}`);
  const unknown = findings.filter(({ status }) => status === "not checked")
    .map(({ name }) => `, ${name} not checked`).join("");
  return [
    ...sections,
    `${paint(worst(findings))}${unknown}: ${counts.join(", ")}`,
  ].join("\n\n");
}

/** The same for a program. */
export function toJson(
  findings: readonly Finding[],
  about: { url: string; version: string },
): string {
  return JSON.stringify(
    { ...about, status: worst(findings), findings },
    null,
    2,
  );
}
