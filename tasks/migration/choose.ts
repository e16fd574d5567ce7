import type { Difference } from "../../drift/live/compare.ts";
import type { Item } from "../../drift/live/inventory.ts";
import { differenceText } from "../schema/print.ts";
import { DECIDE } from "../schema/undecided.ts";
import { mayRewrite } from "./columns.ts";
import { bare, type Made } from "./objects.ts";
import { drop, makePolicy } from "./policies.ts";
import { addColumn, again, isReplaceable } from "./rewrite.ts";

/** What a migration does. */
export interface Chosen {
  /** In the order of the schemas, what is dropped or has to be decided after it. */
  readonly statements: readonly string[];
  /** Policies, and drops of policies and triggers: for a file of their own. */
  readonly policies: readonly string[];
  /** What is waited for, and what waits. */
  readonly locks: readonly string[];
}

export interface Choice {
  /** Between the schemas, as the repository, and the migrations. */
  readonly differences: readonly Difference[];
  readonly made: readonly Made[];
  /** Of the schemas. */
  readonly inventory: readonly Item[];
  readonly digests: ReadonlyMap<string, string>;
}

/** Chooses the statements of the schemas that make up for the differences. */
export function choose(choice: Choice): Chosen {
  const chosen = new Choosing(choice);
  for (const difference of choice.differences) chosen.settle(difference);
  return chosen;
}

/** Kinds whose own statement can be run again where something else is there. */
const REPLACED: ReadonlySet<string> = new Set(["function", "view", "trigger"]);

/** What speaks of what was made before it, and stands right below it. */
const SPEAKING: ReadonlySet<string> = new Set(["comment on", "grant"]);

class Choosing implements Chosen {
  readonly policies: string[] = [];
  readonly #after: string[] = [];
  readonly #locks = new Set<string>();
  /** What stands for each statement that was chosen, and what comes before it. */
  readonly #texts = new Map<Made, string>();
  readonly #before = new Map<Made, string[]>();

  constructor(private readonly choice: Choice) {}

  get statements(): string[] {
    const blocks: string[] = [];
    for (const made of this.choice.made) {
      blocks.push(...this.#before.get(made) ?? []);
      const text = this.#texts.get(made);
      if (text === undefined) continue;
      const last = blocks.at(-1);
      if (last === undefined || !SPEAKING.has(made.kind)) blocks.push(text);
      else blocks.splice(-1, 1, `${last}\n${text}`);
    }
    return [...blocks, ...this.#after];
  }

  get locks(): string[] {
    return [...this.#locks].sort();
  }

  settle(difference: Difference): void {
    const { kind, state } = difference;
    if (kind === "policy") this.#policy(difference);
    else if (kind === "grant") this.#grant(difference);
    else if (kind === "comment on") this.#comment(difference);
    else if (kind === "column" && state === "missing") this.#column(difference);
    else if (kind === "trigger" && state === "extra") {
      this.policies.push(drop(difference));
    } else if (state === "extra" || !this.#takes(difference)) {
      this.#decide(difference);
    }
  }

  /** Whether a statement of the schemas makes up for it. */
  #takes(difference: Difference): boolean {
    const { kind, state } = difference;
    const makers = this.#makersOf(difference);
    if (makers.length === 0 || !makers.every(isReplaceable)) return false;
    if (state === "different" && !REPLACED.has(kind) && kind !== "job") {
      return false;
    }
    if (kind === "function" && returned(difference)) return false;
    for (const maker of makers) this.#take(maker);
    if (kind === "trigger") {
      this.#locks.add(
        `SHARE ROW EXCLUSIVE on ${difference.owner} for its trigger`,
      );
    }
    if (kind === "index") this.#index(difference);
    if (kind === "view") {
      this.#locks.add(`ACCESS EXCLUSIVE on the view ${difference.name}`);
    }
    if (kind === "table") this.#table(bare(difference.name));
    else if (kind === "function" || state === "missing") {
      this.#about(kind, bare(difference.name));
    }
    return true;
  }

  #makersOf({ kind, name, owner }: Difference): Made[] {
    const own = bare(
      kind === "function" ? name.slice(0, name.indexOf("(")) : name,
    );
    const table = bare(owner ?? "");
    return this.choice.made.filter((made) =>
      made.kind === kind &&
      (kind === "trigger"
        ? `${made.table}.${made.name}` === own
        : kind === "index"
        ? made.table === table && own.endsWith(`.${made.name}`)
        : made.name === own)
    );
  }

  /** A new table comes with all that is on it. */
  #table(table: string): void {
    for (const made of this.choice.made) {
      if (made.table !== table || made.kind === "table") continue;
      if (made.kind === "policy") {
        this.policies.push(makePolicy(made, this.choice.digests));
      } else this.#take(made);
    }
    this.#about("table", table);
    for (const { kind, owner, definition } of this.choice.inventory) {
      if (kind !== "key" || bare(owner ?? "") !== table) continue;
      const [, referenced] =
        /^FOREIGN KEY .* REFERENCES ([^(\s]+)/.exec(definition) ?? [];
      if (referenced && referenced !== table) {
        this.#locks.add(
          `SHARE ROW EXCLUSIVE on ${referenced} for the foreign key of ${table}`,
        );
      }
    }
  }

  /** Comments and grants of something. */
  #about(kind: string, name: string): void {
    for (const made of this.choice.made) {
      const speaks = made.kind === "grant"
        ? mentions(made.code, name)
        : made.kind === "comment on" && isAbout(made.name, kind, name);
      if (speaks) this.#take(made);
    }
  }

  #column(difference: Difference): void {
    const { name, owner, repository } = difference;
    const table = bare(owner ?? "");
    const [maker] = this.choice.made.filter((made) =>
      made.kind === "table" && made.name === table
    );
    const definition = repository ?? "";
    if (
      !maker ||
      (/ not null/.test(definition) &&
        !/ (default|generated) /.test(definition))
    ) {
      return this.#decide(difference);
    }
    const column = name.slice((owner ?? "").length + 1);
    const isRewritten = mayRewrite(definition);
    const statement = addColumn(
      table,
      column,
      definition,
      this.choice.inventory,
    );
    this.#before.set(maker, [
      ...this.#before.get(maker) ?? [],
      isRewritten
        ? `${DECIDE} ${table} may be written anew for ${column}: if it is small, ` +
          `-- squawk-ignore adding-field-with-default, and why\n${statement}`
        : statement,
    ]);
    this.#about("column", bare(name));
    this.#locks.add(
      `ACCESS EXCLUSIVE on ${table}, ${
        isRewritten ? "while it is written anew" : "for a moment"
      }`,
    );
  }

  #index(difference: Difference): void {
    this.#locks.add(`SHARE on ${difference.owner} while its index is built`);
    if (/^CREATE UNIQUE/.test(difference.repository ?? "")) {
      this.#after.push(
        `${DECIDE} ${difference.name} is unique: what becomes of the rows that are not?`,
      );
    }
  }

  #policy(difference: Difference): void {
    if (difference.state === "extra") {
      return void this.policies.push(drop(difference));
    }
    const name = bare(difference.name);
    const maker = this.choice.made.find((made) =>
      made.kind === "policy" && `${made.table}.${made.name}` === name
    );
    if (!maker) return this.#decide(difference);
    this.policies.push(makePolicy(maker, this.choice.digests));
  }

  /** Everything is taken from the role, then it gets what the schemas give it. */
  #grant(difference: Difference): void {
    const { name, owner, state } = difference;
    const object = bare(owner ?? "");
    const [, role = ""] = / to (\S+)$/.exec(name) ?? [];
    const makers = this.choice.made.filter((made) =>
      made.kind === "grant" && mentions(made.code, object)
    );
    const [first] = makers;
    if (!first && state !== "extra") return this.#decide(difference);
    const word = object.includes("(")
      ? "function"
      : name.startsWith("schema ")
      ? "schema"
      : name.startsWith("type ")
      ? "type"
      : "table";
    const revoke = `revoke all on ${word} ${owner} from ${role};`;
    for (const made of makers) this.#take(made);
    if (!first) this.#after.push(revoke);
    else {
      const before = this.#before.get(first) ?? [];
      if (!before.includes(revoke)) {
        this.#before.set(first, [...before, revoke]);
      }
    }
  }

  #comment(difference: Difference): void {
    const { name, state } = difference;
    if (state === "extra") {
      return void this.#after.push(`comment on ${name} is null;`);
    }
    const makers = this.choice.made.filter((made) =>
      made.kind === "comment on" &&
      commentKey(made.name) === commentKey(bare(name))
    );
    if (makers.length === 0) return this.#decide(difference);
    for (const made of makers) this.#take(made);
  }

  #take(made: Made): void {
    if (this.#texts.has(made)) return;
    this.#texts.set(made, again(made, this.choice.inventory));
  }

  #decide(difference: Difference): void {
    const [first = "", ...more] = differenceText(difference).split("\n");
    this.#after.push(
      [`${DECIDE} ${first}`, ...more.map((line) => `--${line}`)].join("\n"),
    );
  }
}

/** Whether a function's result is another, which `create or replace` refuses. */
function returned({ repository, deployed }: Difference): boolean {
  const result = (definition: string | null) =>
    /^ RETURNS (.*)$/m.exec(definition ?? "")?.[1];
  return repository !== null && deployed !== null &&
    result(repository) !== result(deployed);
}

/** Of functions the name alone: arguments are printed with their names or without. */
function commentKey(name: string): string {
  return name.replace(/\(.*$/s, "");
}

function isAbout(comment: string, kind: string, name: string): boolean {
  const key = commentKey(comment);
  const own = commentKey(name);
  return key === `${kind} ${own}` ||
    (kind === "table" && key.startsWith(`column ${own}.`)) ||
    (kind === "table" && key.endsWith(` on ${own}`)) ||
    (kind === "view" && key.startsWith(`column ${own}.`));
}

/** Whether a grant names something; of functions the name alone. */
function mentions(code: string, name: string): boolean {
  const own = RegExp.escape(commentKey(name));
  return new RegExp(`(?<![\\w.])${own}(?![\\w.])`, "i").test(
    code.replaceAll('"', ""),
  );
}
