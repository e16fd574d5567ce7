import { named, type Rule } from "./rule.ts";
import { suggest } from "./suggest.ts";

/** `.schema(…)` names a schema that the Data API does not expose. */
export const unexposedSchema: Rule = {
  code: "unexposed-schema",
  level: "drift",
  *check({ catalog, schema, schemaName }) {
    if (schema || !schemaName || !catalog.complete) return;
    yield {
      ...named(schemaName, null),
      message: `the Data API exposes no schema "${schemaName.text}"`,
      ...suggest(schemaName, catalog.schemas.keys()),
    };
  },
};
