import type { Catalog } from "../catalog/catalog.ts";
import type { Chain, ScannedFile, Span, Value } from "../code/chain.ts";
import { touch } from "../touch/touch.ts";
import type { Unjudged } from "../touch/touched.ts";
import type { Found } from "./rule.ts";
import { RULES } from "./rules.ts";

/** What the rules say of one file. */
export interface Judgement {
  readonly found: readonly Found[];
  /** What is put together at run time: counted, never guessed. */
  readonly unjudged: readonly Unjudged[];
}

/** Judges every chain of a file against the catalog. */
export function judge(file: ScannedFile, catalog: Catalog): Judgement {
  const found = new Map<string, Found>();
  const unjudged = new Map<string, Unjudged>();
  for (const chain of file.chains) {
    const judged = judgeChain(chain, catalog);
    for (const it of judged.found) found.set(keyOf(it), it);
    for (const it of judged.unjudged) {
      unjudged.set(`${it.what} ${place(it.span)}`, it);
    }
  }
  return { found: [...found.values()], unjudged: [...unjudged.values()] };
}

/**
 * Where both the table and an argument have several forms, which belong together is not known: such an
 * argument is wrong only when it is so for every table.
 */
function judgeChain(chain: Chain, catalog: Catalog): Judgement {
  const { touched, unjudged } = touch(chain, catalog);
  const lists = touched.map((it) =>
    RULES.flatMap(({ code, level, check }) =>
      [...check(it)].map((found) => ({ ...found, rule: code, level }))
    )
  );
  const forms = lists.length > 1 ? choices(chain) : [];
  const found = lists.flat().filter((it) =>
    !forms.some((span) => within(it.span, span)) ||
    lists.every((list) => list.some((other) => keyOf(other) === keyOf(it)))
  );
  return { found, unjudged };
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

/** The same place, rule and name are one finding, whatever table it is about. */
function keyOf(found: Found): string {
  return `${found.rule} ${found.name} ${place(found.span)}`;
}

function place(span: Span): string {
  return `${span.source.file} ${span.start} ${span.end}`;
}
