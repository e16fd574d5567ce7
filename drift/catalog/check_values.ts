/**
 * The values a check allows its one column, read from what `pg_get_constraintdef` prints: `status in
 * (…)`, which Postgres keeps as `= ANY (ARRAY[…])`, `status = 'x'`, and either `or … is null`.
 * Undefined for any other check.
 */
export function checkValues(definition: string): string[] | undefined {
  const tokens = tokensOf(
    definition.replace(/^CHECK\b/i, "").replace(/ NOT VALID$/, ""),
  );
  const branches = split(tokens, "OR").filter((branch) => !isNullTest(branch));
  const values = branches.map(branchValues);
  if (values.length === 0) return undefined;
  const known = values.filter((list) => list !== undefined);
  return known.length === values.length ? known.flat() : undefined;
}

/** What several checks of one column leave. */
export function commonValues(
  definitions: readonly string[],
): string[] | undefined {
  const lists = definitions.map(checkValues).filter((list) =>
    list !== undefined
  );
  const [first, ...others] = lists;
  return first?.filter((value) => others.every((list) => list.includes(value)));
}

type Token = { readonly text: string; readonly literal: boolean };

/** Without brackets and casts, which say nothing here. */
function tokensOf(definition: string): Token[] {
  const pattern =
    /'((?:[^']|'')*)'|::\s*(?:"[^"]+"|[a-z_][\w.]*)(?:\s+(?:varying|precision))?(?:\(\d+\))?(?:\[\])*|"(?:[^"]|"")+"|[A-Za-z_][\w.]*|<>|>=|<=|!?~~?\*?|[=<>[\],+*\/-]|\d+/g;
  return [...definition.matchAll(pattern)]
    .filter(([text]) => !text.startsWith("::"))
    .map(([text, literal]) =>
      literal === undefined
        ? { text, literal: false }
        : { text: literal.replaceAll("''", "'"), literal: true }
    );
}

function split(tokens: readonly Token[], word: string): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (!token.literal && token.text === word) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function isNullTest(branch: readonly Token[]): boolean {
  return branch.length === 3 && words(branch.slice(1)) === "IS NULL";
}

/** `column = 'x'` or `column = ANY ARRAY [ 'x' , 'y' ]`. */
function branchValues(branch: readonly Token[]): string[] | undefined {
  const [column, equals, ...rest] = branch;
  if (!column || column.literal || equals?.text !== "=") return undefined;
  const list = words(rest.slice(0, 3)) === "ANY ARRAY [" &&
    rest.at(-1)?.text === "]";
  const items = list ? rest.slice(3, -1) : rest;
  const values = items.filter((token) => token.literal);
  const commas = items.filter((token) => !token.literal);
  if (commas.some((token) => token.text !== ",")) return undefined;
  if (values.length === 0 || commas.length !== values.length - 1) {
    return undefined;
  }
  return values.map((token) => token.text);
}

function words(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join(" ");
}
