import type { Catalog } from "../catalog/catalog.ts";
import type { Chain, ScannedFile, Span, Unread, Value } from "../code/chain.ts";
import { judgeInvocation } from "../contract/rules.ts";
import { touch } from "../touch/touch.ts";
import type { Unjudged } from "../touch/touched.ts";
import { placeInQuery } from "./place.ts";
import type { Found } from "./rule.ts";
import { RULES } from "./rules.ts";

/** What the rules say of one file. */
export interface Judgement {
  readonly found: readonly Found[];
  /** What is put together at run time: counted, never guessed. */
  readonly unjudged: readonly Unjudged[];
  /** What could not be read or judged; all else was. */
  readonly unread: readonly Unread[];
}

/** Judges every chain of a file against the catalog. */
export function judge(file: ScannedFile, catalog: Catalog): Judgement {
  const found = new Map<string, Found>();
  const unjudged = new Map<string, Unjudged>();
  const unread: Unread[] = [...file.unread];
  const groups = Map.groupBy(file.chains, (chain) => chain.together ?? chain);
  for (const chains of groups.values()) {
    let judged: Omit<Judgement, "unread">;
    try {
      judged = judgeForms(chains, catalog);
    } catch (error) {
      const reason = error instanceof RangeError
        ? "nested too deeply"
        : String(error);
      unread.push({ start: chains[0]?.start.span.start ?? 0, reason });
      continue;
    }
    for (const it of judged.found) found.set(keyOf(it), it);
    for (const it of judged.unjudged) {
      unjudged.set(`${it.what} ${place(it.span)}`, it);
    }
  }
  const { contracts } = catalog;
  if (contracts) {
    for (const invocation of file.invocations) {
      for (const it of judgeInvocation(invocation, contracts)) {
        found.set(keyOf(it), it);
      }
    }
  }
  return {
    found: [...found.values()],
    unjudged: [...unjudged.values()],
    unread,
  };
}

/**
 * Where both the table and an argument have several forms, which belong together is not known: such an
 * argument is wrong only when it is so for every table.
 */
function judgeForms(
  chains: readonly Chain[],
  catalog: Catalog,
): Omit<Judgement, "unread"> {
  const touches = chains.map((chain) => touch(chain, catalog));
  const lists = touches.flatMap(({ touched }) => touched).map((it) =>
    RULES.flatMap(({ code, level, check }) =>
      [...check(it)].map((found): Found => ({
        ...found,
        rule: code,
        level,
        at: placeInQuery(it.chain, found.span),
      }))
    )
  );
  const forms = lists.length > 1 ? chains.flatMap(choices) : [];
  const found = lists.flat().filter((it) =>
    !forms.some((span) => within(it.span, span)) ||
    lists.every((list) => list.some((other) => isAlike(it, other)))
  );
  return { found, unjudged: touches.flatMap(({ unjudged }) => unjudged) };
}

/** Whether two findings are the same but for the table. */
function isAlike(one: Found, other: Found): boolean {
  return one.rule === other.rule && one.name === other.name &&
    place(one.span) === place(other.span);
}

/** The arguments that have several forms. */
function choices(chain: Chain): Span[] {
  const args = chain.steps.flatMap((step) => step.args);
  return args.flatMap(oneOfs).map((value) => value.span);
}

function oneOfs(value: Value): Value[] {
  if (value.kind === "oneOf") return [value, ...value.options];
  if (value.kind === "array") return value.items.flatMap(oneOfs);
  if (value.kind !== "object") return [];
  return value.properties.flatMap((property) => oneOfs(property.value));
}

function within(inner: Span, outer: Span): boolean {
  return inner.source.file === outer.source.file &&
    inner.start >= outer.start && inner.end <= outer.end;
}

/** A name at one place may be wrong for one table and for another. */
function keyOf(found: Found): string {
  return JSON.stringify([
    found.rule,
    found.name,
    found.table,
    place(found.span),
    found.at && place(found.at),
  ]);
}

function place(span: Span): string {
  return `${span.source.file} ${span.start} ${span.end}`;
}
