/** A finding that a snippet is written to have. */
export interface Expected {
  /** From 1, in the file. */
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly name: string;
  readonly suggestion: string | undefined;
  /** Whether `--fix` applies the suggestion. */
  readonly certain: boolean;
}

/** One paragraph of a corpus file: a comment that names it, code, and carets under what is wrong. */
export interface Snippet {
  readonly file: string;
  readonly title: string;
  /** First and last line, from 1. */
  readonly lines: readonly [number, number];
  readonly expected: readonly Expected[];
}

/** `//   ^^^^ unknown-column "full_name" => "name" (2 lines up)`; `->` is a suggestion, `=>` a certain one. */
const CARETS =
  /^\/\/ *(\^+) ([a-z-]+) "([^"]*)"(?: ([-=])> "([^"]*)")?(?: \((\d+) lines? up\))?$/;

/** Reads a corpus file. Paragraphs without a title, as the imports, are none. */
export function snippetsOf(file: string, text: string): Snippet[] {
  const lines = text.split("\n");
  const snippets: Snippet[] = [];
  let start = 0;
  for (let end = 0; end <= lines.length; end++) {
    const isEnd = end === lines.length || startsSnippet(lines, end);
    if (!isEnd) continue;
    const snippet = snippetAt(file, lines, start, end);
    if (snippet) snippets.push(snippet);
    start = end;
  }
  return snippets;
}

/** After an empty line, a comment at the margin. */
function startsSnippet(lines: readonly string[], index: number): boolean {
  return lines[index - 1] === "" && (lines[index]?.startsWith("// ") ?? false);
}

function snippetAt(
  file: string,
  lines: readonly string[],
  start: number,
  end: number,
): Snippet | undefined {
  const first = lines[start];
  if (!first?.startsWith("// ")) return undefined;
  const expected: Expected[] = [];
  let code = start + 1; // number of the last line that is code
  for (let index = start + 1; index < end; index++) {
    const carets = CARETS.exec(lines[index] ?? "");
    if (!carets) code = index + 1;
    else expected.push(expectation(carets, code));
  }
  return {
    file,
    title: first.slice("// ".length),
    lines: [start + 1, end],
    expected,
  };
}

function expectation(carets: RegExpExecArray, code: number): Expected {
  const [line, marks = "", rule = "", name = "", arrow, suggestion, up = "0"] =
    carets;
  return {
    line: code - Number(up),
    column: line.indexOf(marks) + 1,
    rule,
    name,
    suggestion,
    certain: arrow === "=",
  };
}
