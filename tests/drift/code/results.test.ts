import { assertEquals } from "@std/assert";
import { errorsIn } from "./scanned.ts";

const ERRORS: Readonly<Record<string, "read" | "ignored" | "unknown">> = {
  "await QUERY;": "ignored",
  "QUERY;": "ignored",
  "const { data } = await QUERY;": "ignored",
  "const { data, error } = await QUERY;": "ignored",
  "const { data, error } = await QUERY; if (error) throw error;": "read",
  "const { error: problem } = await QUERY; log(problem);": "read",
  "const { error: { message } } = await QUERY;": "read",
  "const result = await QUERY; use(result.data);": "ignored",
  "const result = await QUERY; if (result.error) throw result.error;": "read",
  "const rows = (await QUERY).data;": "ignored",
  "let data, error; ({ data, error } = await QUERY); if (error) throw error;":
    "read",
  "const { status } = await QUERY; if (status >= 400) throw status;": "read",
  "await QUERY.throwOnError();": "read",
  "QUERY.then(({ error }) => { if (error) throw error; });": "read",
  "QUERY.then(({ data }) => set(data));": "ignored",
  "QUERY.then(handle);": "unknown",
  "const load = () => QUERY;": "unknown",
  "async function load() { return await QUERY; }": "unknown",
  "use(await QUERY);": "unknown",
  "const { data, ...rest } = await QUERY;": "unknown",
  "const [{ data }, other] = await Promise.all([QUERY, more]);": "ignored",
  "const [{ data, error }] = await Promise.all([QUERY]); if (error) throw error;":
    "read",
  "await Promise.all(ids.map((id) => QUERY));": "ignored",
  "const all = await Promise.all(ids.map(() => QUERY)); for (const { error } of all) check(error);":
    "read",
  "const must = ({ data, error }) => { if (error) throw error; return data; }; must(await QUERY);":
    "read",
  "const first = ({ data }) => data[0]; first(await QUERY);": "ignored",
};

Deno.test("an error is read, ignored, or out of sight", () => {
  for (const [code, error] of Object.entries(ERRORS)) {
    const query = `supabase.from("a").select()`;
    assertEquals(errorsIn(code.replace("QUERY", query)), [error], code);
  }
});
