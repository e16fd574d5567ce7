/** A name or value as it stands in a string, with its place there. */
export interface Word {
  /** Without quotes and escapes. */
  readonly text: string;
  /** Index of its first character, within the quotes when it has any. */
  readonly start: number;
  /** Index after its last character. */
  readonly end: number;
  readonly quoted: boolean;
}

/** Stands in a string for a part that is not known: a hole of a template literal. */
export const HOLE = "\uFFFC";

/** Where a string stops being what PostgREST understands. */
export class GrammarError extends Error {
  override name = "GrammarError";

  constructor(message: string, readonly index: number) {
    super(message);
  }
}

const NAME = /[\p{L}\p{N}_$\uFFFC]/u;

/**
 * Reads a PostgREST string from left to right. With `spaced`, whitespace outside quotes does not count,
 * as postgrest-js removes it from select strings before it sends them.
 */
export class Cursor {
  index = 0;

  constructor(readonly text: string, readonly spaced: boolean) {
    this.skip();
  }

  get done(): boolean {
    return this.index >= this.text.length;
  }

  /** Whether `token` comes next. */
  at(token: string): boolean {
    return this.text.startsWith(token, this.index);
  }

  /** Goes past `token` if it comes next. */
  take(token: string): boolean {
    if (!this.at(token)) return false;
    this.index += token.length;
    this.skip();
    return true;
  }

  expect(token: string): void {
    if (!this.take(token)) this.fail(`expected "${token}"`);
  }

  fail(message: string): never {
    throw new GrammarError(message, Math.min(this.index, this.text.length));
  }

  /** Spaces around a term, where PostgREST itself allows them. */
  blanks(): void {
    while (this.at(" ") || this.at("\t")) this.index++;
  }

  /**
   * A name: quoted, or letters, digits, `_`, `$`, and single dashes that are no arrow. Outside select
   * strings blanks belong to it, except at its ends.
   */
  name(what: string): Word {
    if (this.at('"')) return this.quoted();
    const start = this.index;
    let text = "";
    let end = start;
    while (!this.done) {
      const letter = this.letter();
      if (letter === undefined) break;
      text += letter;
      this.index += letter.length;
      end = this.index;
      this.skip();
    }
    const trimmed = text.trimEnd();
    if (trimmed === "") this.fail(`expected ${what}`);
    return {
      text: trimmed,
      start,
      end: end - (text.length - trimmed.length),
      quoted: false,
    };
  }

  /** Everything up to one of `stops`, or a quoted value that one of them follows. */
  value(stops: string): Word {
    const start = this.index;
    if (this.at('"')) {
      const word = this.quoted();
      if (this.done || stops.includes(this.current)) return word;
      this.index = start;
    }
    const array = /^\{[^{}]*\}/.exec(this.text.slice(start))?.[0];
    if (array !== undefined && stops.includes(")")) this.index += array.length;
    while (!this.done && !stops.includes(this.current)) this.index++;
    const text = this.text.slice(start, this.index);
    return { text, start, end: this.index, quoted: false };
  }

  private get current(): string {
    return this.text.charAt(this.index);
  }

  private letter(): string | undefined {
    const letter = String.fromCodePoint(
      this.text.codePointAt(this.index) ?? 0,
    );
    if (NAME.test(letter)) return letter;
    if (letter === " " && !this.spaced) return letter;
    return letter === "-" && !this.at("->") ? letter : undefined;
  }

  private quoted(): Word {
    const start = ++this.index;
    let text = "";
    while (!this.done && !this.at('"')) {
      if (this.at("\\")) this.index++;
      text += this.current;
      this.index++;
    }
    if (this.done) this.fail("a quote is not closed");
    const end = this.index++;
    this.skip();
    return { text, start, end, quoted: true };
  }

  private skip(): void {
    if (!this.spaced) return;
    while (!this.done && /\s/.test(this.current)) this.index++;
  }
}

/** Runs a parser and gives its error as a value. */
export function parsing<T>(parse: () => T): T | GrammarError {
  try {
    return parse();
  } catch (error) {
    if (error instanceof GrammarError) return error;
    throw error;
  }
}
