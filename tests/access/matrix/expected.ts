/** The lines of a file beside this one by what they are about. Comments are left out. */
export async function readExpected(file: string): Promise<Map<string, string>> {
  const text = await Deno.readTextFile(new URL(file, import.meta.url));
  return linesOf(text.split("\n").filter((line) => !/^(#|$)/.test(line)));
}

/** Lines by what they are about: the function, else the first word. Several about the same are put together. */
export function linesOf(lines: string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of lines) {
    const [subject = ""] = /\w+\(.*\)$/.exec(line) ?? /^\w+/.exec(line) ?? [];
    const before = found.get(subject);
    found.set(subject, before ? `${before}\n${line}` : line);
  }
  return found;
}

/**
 * What a file does not say, in words that can be acted upon: a line to review and add, one to take out,
 * or what a line would have to say.
 */
export function differences(
  file: string,
  expected: Map<string, string>,
  found: Map<string, string>,
): string[] {
  const subjects = new Set([...expected.keys(), ...found.keys()]);
  return [...subjects].sort().flatMap((subject) => {
    const [wanted, actual] = [expected.get(subject), found.get(subject)];
    if (wanted === actual) return [];
    if (wanted === undefined) {
      return [`not in ${file}; review, and add:\n${actual}`];
    }
    return actual === undefined
      ? [`gone, to be taken out of ${file}:\n${wanted}`]
      : [`${file} says:\n${wanted}\nthe database does:\n${actual}`];
  });
}
