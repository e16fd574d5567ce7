/** An entry of an export: flat but for lists. */
type Entry = Record<string, unknown>;

/** What names an entry of a list, in the order of looking. */
const NAMES = [
  "planKey",
  "programPlanName",
  "trackKey",
  "addOnKey",
  "featureKey",
  "key",
  "program",
  "tier",
  "category",
  "name",
];

/** Fields that say when and by whom a file was made, and nothing of what is in it. */
const ABOUT = new Set(["exportedAt", "exportedBy"]);

/**
 * What an exported file and a database do not have in common, a line each, as a person reads it. Entries
 * are known by key or name, never by position.
 */
export function compareExports(file: Entry, database: Entry): string[] {
  return [...differences("", withoutAbout(file), withoutAbout(database))];
}

function withoutAbout(entry: Entry): Entry {
  return Object.fromEntries(
    Object.entries(entry).filter(([key]) => !ABOUT.has(key)),
  );
}

function* differences(
  path: string,
  file: unknown,
  database: unknown,
): Generator<string> {
  if (isList(file) && isList(database)) {
    const [inFile, inDatabase] = [byName(file), byName(database)];
    for (const name of new Set([...inFile.keys(), ...inDatabase.keys()])) {
      yield* differences(
        `${path} ${name}`.trim(),
        inFile.get(name),
        inDatabase.get(name),
      );
    }
  } else if (isEntry(file) && isEntry(database)) {
    for (
      const key of new Set([...Object.keys(file), ...Object.keys(database)])
    ) {
      yield* differences(`${path} ${key}`.trim(), file[key], database[key]);
    }
  } else if (database === undefined) {
    yield `${path}: only in the file`;
  } else if (file === undefined) {
    yield `${path}: only in the database`;
  } else if (JSON.stringify(file) !== JSON.stringify(database)) {
    yield `${path}: ${JSON.stringify(file)} in the file, ${
      JSON.stringify(database)
    } in the database`;
  }
}

/** Names may repeat, such as those of program plans: the second is `name (2)`. */
function byName(list: Entry[]): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const entry of list) {
    const parts = NAMES.filter((it) => typeof entry[it] === "string")
      .map((it) => String(entry[it]));
    // A key or an assignment's two keys are enough; the rest describes.
    const name = ("key" in entry ? [entry["key"]] : parts).join(" ");
    let unique = name;
    for (let n = 2; entries.has(unique); n++) unique = `${name} (${n})`;
    entries.set(unique, entry);
  }
  return entries;
}

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is Entry[] {
  return Array.isArray(value) && value.every(isEntry);
}
