import type { Item } from "./inventory.ts";

/** The roles that the Data API runs as. */
const ROLES = ["anon", "authenticated", "service_role"] as const;

/**
 * What each of the Data API's roles may do in all: its own grants, everybody's, and of a column those of its table.
 *
 * @param nameOf what an object is called
 */
export function privilegesOf(
  items: readonly Item[],
  nameOf: (object: string) => string,
): Item[] {
  const grants = items.filter(({ kind }) => kind === "grant").map(parse);
  const granted = new Map(
    grants.map((
      { object, role, privileges },
    ) => [`${object} ${role}`, privileges]),
  );
  const of = (object: string, role: string) => [
    ...granted.get(`${object} ${role}`) ?? [],
    ...granted.get(`${object} public`) ?? [],
  ];
  const objects = new Map(grants.map(({ object, owner }) => [object, owner]));
  return [...objects].flatMap(([object, owner]) =>
    ROLES.flatMap((role): Item[] => {
      const onTable = owner === null || owner === object ? [] : of(owner, role);
      const all = new Set(
        of(object, role).filter((it) => !onTable.includes(it)),
      );
      if (all.size === 0) return [];
      const definition = [...all].sort().join(", ");
      return [{
        kind: "grant",
        name: `${nameOf(object)} to ${role}`,
        owner: owner === null ? null : nameOf(owner),
        definition,
        normalised: definition,
      }];
    })
  );
}

function parse({ name, owner, definition }: Item) {
  const at = name.lastIndexOf(" to ");
  return {
    object: name.slice(0, at),
    role: name.slice(at + " to ".length),
    owner,
    privileges: definition.replaceAll(" (with grant option)", "").split(", "),
  };
}
