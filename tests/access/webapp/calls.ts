/** A call that the web app makes. */
export interface Call {
  line: string;
  who: string;
  op: string;
  /** The table or the function. */
  on: string;
  /** Which of its files makes it. */
  from: string;
  /** The columns or arguments, with the value where it is always the same. */
  names: { name: string; value: string | undefined }[];
}

/** The calls of calls.txt. */
export async function readCalls(): Promise<Call[]> {
  return (await linesOf("calls.txt")).map((line) => {
    const [who = "", op = "", on = "", from = "", ...rest] = line.split(/ +/);
    const names = rest.map((word) => {
      const [name = "", value] = word.split("=");
      return { name, value };
    });
    return { line: line.replaceAll(/ +/g, " "), who, op, on, from, names };
  });
}

/** The calls that are no longer permitted, with the page of docs/frontend-fixes.md that says so. */
export async function readRefused(): Promise<Map<string, string>> {
  return new Map(
    (await linesOf("refused.txt")).map((line) => {
      const [call = "", page = ""] = line.split(/ +# /);
      return [call.replaceAll(/ +/g, " "), page];
    }),
  );
}

async function linesOf(file: string): Promise<string[]> {
  const text = await Deno.readTextFile(new URL(file, import.meta.url));
  return text.split("\n").filter((line) => line && !line.startsWith("#"));
}
