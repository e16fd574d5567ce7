import { assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };

const root = new URL("../../", import.meta.url);

/** Every page: those at the top, in docs/, and beside the drift gate. */
const PAGES = ["", "docs/", "drift/", "drift/rules/", "drift/sql/"].flatMap((
  folder,
) =>
  Array.from(Deno.readDirSync(new URL(folder || ".", root)))
    .filter(({ name }) => name.endsWith(".md"))
    .map(({ name }) => folder + name)
);

/** The anchors of a page's headings, as GitHub and others make them. */
function anchorsOf(text: string): string[] {
  return Array.from(
    text.matchAll(/^#+ (.*)$/gm),
    ([, heading = ""]) =>
      heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(" ", "-"),
  );
}

for (const page of PAGES) {
  const text = Deno.readTextFileSync(new URL(page, root));

  Deno.test(`what ${page} links to is there`, () => {
    const links = Array.from(
      text.matchAll(/\]\(([^)\s]+)\)/g),
      ([, target = ""]) => target,
    ).filter((target) => !/^[a-z]+:/.test(target));
    const broken = links.filter((target) => {
      const [path = "", anchor] = target.split("#");
      const file = path
        ? new URL(path, new URL(page, root))
        : new URL(page, root);
      if (!exists(file)) return true;
      return anchor !== undefined &&
        !anchorsOf(Deno.readTextFileSync(file)).includes(anchor);
    });
    assertEquals(broken, []);
  });

  Deno.test(`the tasks that ${page} tells to run are there`, () => {
    const tasks = Array.from(
      text.matchAll(/(?:deno|deno@[\d.]+) task ([a-z][a-z:-]*)/g),
      ([, task = ""]) => task,
    );
    assertEquals(tasks.filter((task) => !(task in config.tasks)), []);
  });
}

function exists(url: URL): boolean {
  try {
    Deno.statSync(url);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
