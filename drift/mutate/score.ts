import { KINDS, labelOf, type Outcome } from "./mutant.ts";

/** The score by kind, as a table of Markdown, and the survivors by name. */
export function scoreOf(outcomes: readonly Outcome[]): string {
  const rows = (["code", "SQL"] as const).flatMap((where) =>
    KINDS.map((kind) =>
      row(
        `${kind} in ${where}`,
        outcomes.filter((it) => it.where === where && it.kind === kind),
      )
    )
  );
  const survivors = outcomes.filter(({ by }) => by === "none");
  return [
    "| used | mutants | gate | deno check | PostgreSQL | survived | caught |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows.filter((it) => it !== undefined),
    row("all", outcomes),
    "",
    ...survivors.map((it) => `survived: ${labelOf(it)} (${it.where})`),
  ].join("\n").trimEnd();
}

function row(
  label: string,
  outcomes: readonly Outcome[],
): string | undefined {
  if (outcomes.length === 0) return undefined;
  const count = (by: Outcome["by"]) =>
    outcomes.filter((it) => it.by === by).length;
  // rounded down: 100 % is said of all alone
  const caught = Math.floor(1000 * (1 - count("none") / outcomes.length)) / 10;
  const cells = [
    label,
    outcomes.length,
    count("gate"),
    count("types"),
    count("server"),
    count("none"),
    `${caught === 100 ? 100 : caught.toFixed(1)} %`,
  ];
  return `| ${cells.join(" | ")} |`;
}
