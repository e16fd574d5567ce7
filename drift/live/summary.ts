import type { Difference } from "./compare.ts";

/** So many names fit a line that is still read. */
const NAMES = 8;

const PLURALS: Readonly<Record<string, string>> = {
  index: "indexes",
  policy: "policies",
};

const STATES: Readonly<Record<Difference["state"], string>> = {
  missing: "that are missing",
  extra: "of its own",
  different: "that are otherwise",
};

const WHO: Readonly<Record<string, string>> = {
  anon: "visitors",
  authenticated: "signed-in users",
  service_role: "the secret key",
};

/**
 * What differs, counted by what it means: one line a kind, with the tables or functions it is on. A production
 * database has hundreds of differences; `text` has every one.
 */
export function summary(differences: readonly Difference[]): string[] {
  const groups = Map.groupBy(differences, title);
  return [...groups].map(([title, all]) => `${title}: ${counted(all)}`);
}

function title(difference: Difference): string {
  const { kind, state } = difference;
  if (kind === "grant") return rights(difference);
  return `${PLURALS[kind] ?? `${kind}s`} ${STATES[state]}`;
}

/** A grant by what it lets people do: that it is more than granted here counts before that it is less. */
function rights({ name, repository, deployed }: Difference): string {
  const role = name.slice(name.lastIndexOf(" to ") + " to ".length);
  const who = WHO[role] ?? role;
  const of = (list: string | null) => new Set(list?.split(", ") ?? []);
  const isMore = !of(deployed).isSubsetOf(of(repository));
  if (isFunction(name)) {
    return isMore
      ? `functions that ${who} may execute and should not`
      : `functions that ${who} should execute and may not`;
  }
  return isMore
    ? `where ${who} may do more than is granted here`
    : `where ${who} may do less than is granted here`;
}

function counted(all: readonly Difference[]): string {
  const owners = Map.groupBy(all, objectOf);
  const names = [...owners].map(([name, { length }]) =>
    length > 1 ? `${name} ${length}` : name
  );
  const shown = names.slice(0, NAMES).join(", ") +
    (names.length > NAMES ? ", …" : "");
  const places = owners.size < all.length ? ` on ${owners.size} tables` : "";
  return `${all.length}${places} (${shown})`;
}

/** The table, or what is no table's. Schema public goes without saying. */
function objectOf({ kind, name, owner }: Difference): string {
  const object = kind === "column" || owner === null || isFunction(name)
    ? name.replace(/ to \w+$/, "")
    : owner;
  return object.replace(/^public\./, "").replace(/\(.*\)$/, "()");
}

function isFunction(name: string): boolean {
  return name.includes("(");
}
