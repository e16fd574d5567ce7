import { escape } from "@std/html";

/** A template with its values, and the names of the values that were not there. */
export interface Rendered {
  readonly text: string;
  readonly missing: readonly string[];
}

/** Puts values where a template says `{{name}}`, escaped for HTML text and quoted attributes. */
export function renderHtml(
  template: string,
  values: Readonly<Record<string, unknown>>,
): Rendered {
  return render(template, values, escape);
}

/** The same for a subject: plain text on one line. */
export function renderSubject(
  template: string,
  values: Readonly<Record<string, unknown>>,
): Rendered {
  return render(template, values, (value) => value.replaceAll(/\s+/g, " "));
}

/** A null is a value: nothing is shown. A name without a value is shown as nothing and reported. */
function render(
  template: string,
  values: Readonly<Record<string, unknown>>,
  encode: (value: string) => string,
): Rendered {
  const missing: string[] = [];
  const text = template.replaceAll(
    /\{\{\s*([\w.]+)\s*\}\}/g,
    (_, name: string) => {
      if (!Object.hasOwn(values, name)) missing.push(name);
      const value = Object.hasOwn(values, name) ? values[name] : null;
      return value === null || value === undefined ? "" : encode(String(value));
    },
  );
  return { text, missing };
}
