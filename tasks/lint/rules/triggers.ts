import { lineOf, type Rule } from "../script.ts";

const NAME = String.raw`((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)`;

const DROPPED = new RegExp(
  String.raw`\bdrop\s+trigger\s+(?:if\s+exists\s+)?${NAME}\s+on\s+${NAME}`,
  "gi",
);

/** `create or replace trigger` locks its table alone, where `drop trigger` locks auth and storage too. */
export const triggers: Rule = {
  name: "triggers",
  find: ({ parts }) =>
    parts.filter((part) => !part.isFunction).flatMap((part) =>
      [...part.bare.matchAll(DROPPED)].flatMap(
        ({ 1: name = "", 2: table = "", index }) => {
          const made = new RegExp(
            String.raw`\bcreate\s+(?:or\s+replace\s+)?trigger\s+${
              RegExp.escape(name)
            }\s[\s\S]*?\bon\s+${RegExp.escape(table)}(?!\w)`,
            "i",
          );
          return parts.some(({ isFunction, bare }) =>
              !isFunction && made.test(bare)
            )
            ? [{
              line: lineOf(part, index),
              message:
                `trigger ${name} is dropped and made: create or replace trigger`,
            }]
            : [];
        },
      )
    ),
};
