import type { Item } from "./inventory.ts";

/** How a deployed database departs from the repository. */
export interface Difference {
  readonly state: "missing" | "extra" | "different";
  readonly kind: string;
  readonly name: string;
  /** The table or function it is of. */
  readonly owner: string | null;
  /** What the repository says; null where it has none. */
  readonly repository: string | null;
  /** What the deployed database says; null where it has none. */
  readonly deployed: string | null;
}

/**
 * Compares by kind and name. Of a table or function that is missing or extra, its parts are not told again, unless
 * `isTold` says so.
 */
export function compare(
  repository: readonly Item[],
  deployed: readonly Item[],
  isTold: (difference: Difference) => boolean = () => false,
): Difference[] {
  const [here, there] = [byName(repository), byName(deployed)];
  const found = [...new Set([...here.keys(), ...there.keys()])].flatMap(
    (key): Difference[] => {
      const [one, other] = [here.get(key), there.get(key)];
      const item = one ?? other;
      if (!item || one?.normalised === other?.normalised) return [];
      return [{
        state: !other ? "missing" : !one ? "extra" : "different",
        kind: item.kind,
        name: item.name,
        owner: item.owner,
        repository: one?.definition ?? null,
        deployed: other?.definition ?? null,
      }];
    },
  );
  const whole = new Set(
    found.filter(({ state, owner }) => state !== "different" && owner === null)
      .map(({ name }) => name),
  );
  return found.filter((it) =>
    it.owner === null || !whole.has(it.owner) || isTold(it)
  );
}

function byName(items: readonly Item[]): ReadonlyMap<string, Item> {
  return new Map(items.map((it) => [`${it.kind} ${it.name}`, it]));
}
