/** The options in the address of a feed. */
const SELECTORS = ["coaching", "group", "cohort", "hosting"] as const;
const MAX_ALARM_MINUTES = 40_320; // four weeks

/** What a subscriber can choose to see. */
export type FeedSelector = (typeof SELECTORS)[number];

/** What the link asks for, beside whose calendar it is. */
export interface FeedOptions {
  /** `?alarm=15`: minutes before the start. */
  alarmMinutes?: number;
  /** `?only=coaching,hosting`: without doubles, in a fixed order. */
  only?: FeedSelector[];
}

/** Reads the options; `problem` is a sentence for a 400. */
export function readOptions(
  params: URLSearchParams,
): FeedOptions | { problem: string } {
  const options: FeedOptions = {};
  if (params.has("alarm")) {
    const minutes = wholeMinutes(params.getAll("alarm").join());
    if (minutes === null) {
      return {
        problem:
          `alarm is a whole number of minutes from 0 to ${MAX_ALARM_MINUTES}.`,
      };
    }
    options.alarmMinutes = minutes;
  }
  if (params.has("only")) {
    const words = params.getAll("only").join().split(",");
    const chosen = new Set(words.map((word) => word.trim()));
    options.only = SELECTORS.filter((selector) => chosen.has(selector));
    if (options.only.length < chosen.size) {
      return {
        problem: `only is one or more of ${
          SELECTORS.join(", ")
        }, separated by commas.`,
      };
    }
  }
  return options;
}

function wholeMinutes(text: string): number | null {
  const minutes = Number(text);
  return /^\d{1,5}$/.test(text) && minutes <= MAX_ALARM_MINUTES
    ? minutes
    : null;
}
