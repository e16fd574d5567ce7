import { assertEquals, assertRejects } from "@std/assert";
import { type Contestant, hold } from "../../bench/contest.ts";

const LIMITS = { rounds: 3, milliseconds: Infinity };

Deno.test("contestants take turns, and another begins each round", async () => {
  const turns: string[] = [];
  const results = await hold(
    {
      subject: "f",
      size: "",
      warmUp: 1,
      contestants: ["a", "b", "c"].map((name) => contestant(name, turns)),
    },
    LIMITS,
    "gateway",
  );
  assertEquals(turns.join(""), "abc" + "bca" + "cab" + "abc");
  assertEquals(results.map(({ times }) => times.length), [3, 3, 3]);
});

Deno.test("several at once are all prepared before the first is sent", async () => {
  const log: string[] = [];
  const [result] = await hold(
    {
      subject: "f",
      size: "",
      warmUp: 0,
      rounds: 1,
      parallel: 2,
      contestants: [{
        name: "a",
        role: "ours",
        prepare: () => {
          log.push("ready");
          return Promise.resolve(() => {
            log.push("sent");
            return Promise.resolve();
          });
        },
      }],
    },
    LIMITS,
    "gateway",
  );
  assertEquals(log, ["ready", "ready", "sent", "sent"]);
  assertEquals(result?.times.length, 2);
});

Deno.test("a contest that has had its time ends after three rounds", async () => {
  const turns: string[] = [];
  await hold(
    {
      subject: "f",
      size: "",
      warmUp: 0,
      contestants: [contestant("a", turns)],
    },
    { rounds: 50, milliseconds: -1 },
    "gateway",
  );
  assertEquals(turns.length, 3);
});

Deno.test("an answer that is not the right one ends the contest", async () => {
  const failing: Contestant = {
    name: "a",
    role: "ours",
    prepare: () => Promise.resolve(() => Promise.reject(new Error("500"))),
  };
  await assertRejects(
    () =>
      hold(
        { subject: "f", size: "", contestants: [failing] },
        LIMITS,
        "gateway",
      ),
    Error,
    "500",
  );
});

/** One that notes when it is its turn. */
function contestant(name: string, turns: string[]): Contestant {
  return {
    name,
    role: "ours",
    prepare: () =>
      Promise.resolve((gateway) => {
        assertEquals(gateway, "gateway");
        turns.push(name);
        return Promise.resolve();
      }),
  };
}
