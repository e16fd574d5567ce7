import { api } from "../../tests/support/stack.ts";
import type { Contestant } from "../contest.ts";
import { expecting } from "../request.ts";
import type { Subject } from "../subject.ts";

const NOBODY = { _user_id: crypto.randomUUID(), _role: "admin" };

/**
 * The floor of every other contest: a function that makes one call of a trivial SQL function. Any
 * function has to pass the gateway, run in its process and ask the database once; what it does beyond
 * that is its own.
 */
export const FLOOR: Contestant = {
  name: "a function with one trivial RPC",
  role: "floor",
  prepare: () => Promise.resolve(expecting(200, "/functions/v1/floor")),
};

const DIRECT: Contestant = {
  name: "the same RPC straight from a client",
  role: "part",
  prepare: () =>
    Promise.resolve(expecting(200, "/rest/v1/rpc/has_role", {
      method: "POST",
      headers: { apikey: api.secretKey, "Content-Type": "application/json" },
      body: JSON.stringify(NOBODY),
    })),
};

/** What there is before any function does anything. */
export const floor: Subject = {
  name: "floor",
  async *contests() {
    yield { subject: "floor", size: "", contestants: [DIRECT, FLOOR] };
  },
};
