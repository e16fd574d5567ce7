import type { Rule } from "./rule.ts";

/** The client is made without the Database type, so that TypeScript checks nothing of its calls. */
export const untypedClient: Rule = {
  code: "untyped-client",
  level: "advice",
  *check({ chain, start }) {
    if (chain.client.typed !== false) return;
    yield {
      span: chain.start.span,
      table: start.name.text,
      name: "client",
      message:
        "this client is made without the Database type: createClient<Database>(…)",
    };
  },
};
