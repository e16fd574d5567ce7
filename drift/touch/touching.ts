import type { Catalog } from "../catalog/catalog.ts";
import type { StringValue, Value } from "../code/chain.ts";
import { GrammarError, HOLE } from "../postgrest/cursor.ts";
import { type Name, wordName } from "./literal.ts";
import type {
  ColumnUse,
  Embed,
  Scope,
  SyntaxProblem,
  Unjudged,
} from "./touched.ts";

type Use =
  & Pick<ColumnUse, "role" | "json">
  & Partial<Pick<ColumnUse, "comparison" | "property" | "isOutput">>;

/** Collects what one chain touches. */
export class Touching {
  readonly columns: ColumnUse[] = [];
  readonly embeds: Embed[] = [];
  readonly syntax: SyntaxProblem[] = [];
  readonly strays: { name: Name; scope: Scope }[] = [];
  readonly byTable: { name: Name; embed: Embed }[] = [];
  readonly embedOrders: { name: Name; embed: Embed }[] = [];
  readonly unjudged: Unjudged[] = [];

  constructor(readonly catalog: Catalog) {}

  /** Notes that a scope's column is named. */
  column(scope: Scope, name: Name, use: Use): void {
    this.columns.push({
      comparison: undefined,
      property: undefined,
      isOutput: false,
      ...use,
      scope,
      name,
      column: scope.columns?.get(name.text) ??
        scope.relation?.computed.get(name.text),
    });
  }

  /** What a parser made of a string, or undefined when PostgREST would refuse it. */
  parsed<T>(
    value: StringValue,
    what: SyntaxProblem["what"],
    result: T | GrammarError,
  ): T | undefined {
    if (!(result instanceof GrammarError)) return result;
    if (value.value.includes(HOLE)) {
      this.unjudged.push({ span: value.span, what: `${what} string` });
      return undefined;
    }
    const { index, message } = result;
    const span = value.value === ""
      ? value.span
      : value.slice(Math.min(index, value.value.length - 1), index + 1);
    this.syntax.push({ what, span, text: value.value, message });
    return undefined;
  }

  /** A name without holes; one with holes is counted as unjudged. */
  name(
    value: StringValue,
    word: Parameters<typeof wordName>[1],
    what: string,
  ): Name | undefined {
    const name = wordName(value, word);
    if (!name) {
      this.skip(value.slice(word.start, word.end), what);
    }
    return name;
  }

  /** Notes what cannot be judged. */
  skip(span: Value["span"], what: string): void {
    this.unjudged.push({ span, what });
  }

  /** The embed that a path names, by its alias or its name. */
  embed(scope: Scope, name: Name): Embed | undefined {
    const { text } = name;
    const named = scope.embeds.find((it) =>
      (it.alias ?? it.target).text === text
    );
    if (named) return named;
    const [embed, ...others] = scope.embeds
      .filter((it) => it.target.text === text);
    if (embed && others.length === 0) this.byTable.push({ name, embed });
    return embed;
  }
}
