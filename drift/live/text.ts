import type { Difference } from "./compare.ts";
import { alike } from "./kind.ts";

/** One line each, with both definitions below it where they are different; then how many there are of each. */
export function text(differences: readonly Difference[]): string {
  const lines = differences.map(line);
  const count = (state: Difference["state"]) =>
    `${differences.filter((it) => it.state === state).length} ${state}`;
  return [
    ...lines,
    [count("missing"), count("extra"), count("different")].join(", "),
  ].join("\n");
}

/** Longer ones are in the other place to be read. */
const SHORT = 100;

function line(it: Difference): string {
  const head = `${it.state} ${it.kind} ${it.name}`;
  const { repository, deployed } = it;
  if (repository === null || deployed === null) {
    const one = alike(repository ?? deployed ?? "");
    return one.length <= SHORT ? `${head}: ${one}` : head;
  }
  const [here, there] = parting(repository, deployed);
  return `${head}\n  repository: ${here}\n  deployed:   ${there}`;
}

/** The lines where two texts part first. */
function parting(one: string, other: string): [string, string] {
  const [here, there] = [linesOf(one), linesOf(other)];
  const at = here.findIndex((line, index) => line !== there[index]);
  const index = at < 0 ? here.length : at;
  return [here[index] ?? "(ends)", there[index] ?? "(ends)"];
}

function linesOf(definition: string): string[] {
  return definition.split("\n").map((it) => it.trim()).filter((it) =>
    it !== ""
  );
}
