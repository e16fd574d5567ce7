/** Files whose code stands between markup: Vue, Svelte and Astro. */
const MARKUP = /\.(?:vue|svelte|astro)$/;

const SCRIPT = /<script\b[^>]*>([\s\S]*?)<\/script\s*>/gi;
/** What an Astro file begins with. */
const FRONTMATTER = /^\uFEFF?\s*---[^\n]*\n([\s\S]*?)\n---/;

/**
 * The code of a file as long as its text: of markup only the scripts are left, each where it stands, so
 * that every offset is that of the file.
 */
export function scriptOf(file: string, text: string): string {
  if (!MARKUP.test(file)) return text;
  const parts = [...text.matchAll(SCRIPT)];
  const front = file.endsWith(".astro") ? FRONTMATTER.exec(text) : null;
  if (front) parts.unshift(front);
  let code = "";
  for (const { 0: whole, 1: script = "", index } of parts) {
    const opening = whole.startsWith("<") ? whole.indexOf(">") + 1 : 0;
    const start = index + whole.indexOf(script, opening);
    if (script === "" || start < code.length) continue;
    code += blank(text.slice(code.length, start)) + script;
  }
  return code + blank(text.slice(code.length));
}

/** Whether the tags of a file say that it is written in TSX or JSX. */
export function isJsx(file: string, text: string): boolean {
  return MARKUP.test(file) &&
    /<script\b[^>]*\blang=["'](?:tsx|jsx)["']/.test(text);
}

/** As long, with the same lines. */
function blank(text: string): string {
  return text.replaceAll(/[^\r\n\u2028\u2029]/g, " ");
}
