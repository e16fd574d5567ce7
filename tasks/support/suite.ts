/**
 * The test files that TEST_FILES names, one a line, in one module. `deno test` gives each module an isolate
 * of its own; here they load what they import once, and share the database of `sqlTest`.
 */
const files = (Deno.env.get("TEST_FILES") ?? "").split("\n").filter(Boolean);
for (const file of files) await import(file);
