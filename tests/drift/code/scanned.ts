import type { Chain, ReadStep, Value } from "../../../drift/code/chain.ts";
import { scanProject } from "../../../drift/code/scan.ts";

/** The chains of a file of its own, or of several by their paths. */
export function chainsOf(code: string | Record<string, string>): Chain[] {
  const files = typeof code === "string" ? { "src/a.ts": code } : code;
  return scanProject(
    Object.entries(files).map(([file, text]) => ({ file, text })),
  ).flatMap(({ chains }) => chains);
}

/** Each chain on one line, as the rules see it: `from("x").select("id")`; `?` for what is not known. */
export function printed(code: string | Record<string, string>): string[] {
  return chainsOf(code).map(({ schema, start, steps }) => {
    const args = [start.name, ...start.args ? [start.args] : []];
    return [
      ...schema ? [`schema(${print(schema)})`] : [],
      `${start.kind}(${args.map(print).join(", ")})`,
      ...steps.map(({ method, args }) =>
        `${method}(${args.map(print).join(", ")})`
      ),
    ].join(".");
  });
}

/** The roles of each chain's client, as `anon|authenticated`. */
export function rolesIn(code: string | Record<string, string>): string[] {
  return chainsOf(code).map(({ client }) => client.roles.join("|"));
}

/** What becomes of each chain's error. */
export function errorsIn(code: string | Record<string, string>): string[] {
  return chainsOf(code).map(({ result }) => result.error);
}

/** The paths read of each chain's data; an element step is `[how]`. */
export function readsIn(code: string | Record<string, string>): string[][] {
  return chainsOf(code).map(({ result }) =>
    result.reads.map(({ path }) => path.map(printStep).join("."))
  );
}

function printStep({ name, via }: ReadStep): string {
  return via === "element" ? `[${name}]` : name;
}

function print(value: Value): string {
  switch (value.kind) {
    case "string":
      return JSON.stringify(value.value);
    case "number":
    case "boolean":
      return String(value.value);
    case "null":
      return "null";
    case "array":
      return `[${[...value.items.map(print), ...rest(value)].join(", ")}]`;
    case "object":
      return `{ ${
        [
          ...value.properties.map(({ key, value }) =>
            `${key}: ${print(value)}`
          ),
          ...rest(value),
        ].join(", ")
      } }`;
    case "oneOf":
      return value.options.map(print).join(" | ");
    case "unknown":
      return "?";
  }
}

function rest({ open }: { open: boolean }): string[] {
  return open ? ["…"] : [];
}
