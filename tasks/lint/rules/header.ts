import type { Finding, Rule } from "../script.ts";
import { takesLocks } from "./policies.ts";

/** A migration says which locks it takes, and gives up waiting for one rather than have everybody wait for it. */
export const header: Rule = {
  name: "header",
  find: ({ parts, header }) => {
    const findings: Finding[] = [];
    if (
      !parts.some(({ code }) =>
        /^set\s+(?:local\s+)?lock_timeout\b/i.test(code)
      )
    ) {
      findings.push({ line: 1, message: "no set lock_timeout" });
    }
    const [, locks] = /^-- Locks:([\s\S]*)/m.exec(header) ?? [];
    if (locks === undefined) {
      findings.push({ line: 1, message: "the header does not say `Locks:`" });
    } else if (parts.some(takesLocks) && !/\bauth\b/i.test(locks)) {
      findings.push({
        line: 1,
        message:
          "policies and drop trigger lock the tables of auth and storage: the header has to say so",
      });
    }
    return findings;
  },
};
