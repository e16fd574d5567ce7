import { levenshteinDistance } from "@std/text";
import type { Property } from "../code/chain.ts";
import type { Name } from "../touch/literal.ts";
import type { Violation } from "./rule.ts";

/** Words that are written for one another: `full_name` for `name`. */
const SYNONYMS: readonly (readonly string[])[] = [
  ["name", "full_name", "display_name", "title", "label"],
  ["email", "email_address", "mail"],
  ["created_at", "inserted_at", "created", "creation_date"],
  ["updated_at", "modified_at", "updated", "last_modified"],
  ["scheduled_at", "starts_at", "start_time", "session_date", "date"],
  ["user_id", "profile_id", "owner_id", "client_id", "client_user_id"],
  ["description", "content", "body", "text", "notes"],
];

/** What was probably meant, and the fix where that is certain. */
export type Suggestion = Pick<Violation, "suggestion" | "fix">;

/**
 * What was probably meant by `name`: a misspelling, a longer or shorter form, or a synonym, the nearest
 * first. Only a misspelling that is near, when nothing else qualifies, is certain enough for a fix;
 * `written` is what the fix writes for it.
 */
export function suggest(
  name: Name,
  candidates: Iterable<string>,
  written: (suggestion: string) => string = (suggestion) => suggestion,
): Suggestion {
  const ranked = [...candidates]
    .map((candidate) => ({ candidate, rank: rank(name.text, candidate) }))
    .filter((it) => it.rank < Infinity)
    .sort((a, b) => a.rank - b.rank);
  const [best, ...others] = ranked;
  if (!best) return {};
  const suggestion = best.candidate;
  if (best.rank >= MISSPELT || others.length > 0) return { suggestion };
  return { suggestion, fix: { span: name.span, text: written(suggestion) } };
}

/** Ranks below this are misspellings. */
const MISSPELT = 10;

/** The smaller the nearer; Infinity is nothing alike. */
function rank(name: string, candidate: string): number {
  const a = name.toLowerCase();
  const b = candidate.toLowerCase();
  const length = Math.min(a.length, b.length);
  const distance = areSwapped(a, b) ? 1 : levenshteinDistance(a, b);
  if (distance <= Math.max(1, length / 4)) return distance;
  if (SYNONYMS.some((words) => words.includes(a) && words.includes(b))) {
    return 10;
  }
  if (contains(a, b) || contains(b, a)) return 20 + distance;
  if (lengthens(a, b) || lengthens(b, a)) return 30 + distance;
  return distance <= length / 2.5 ? 40 + distance : Infinity;
}

/** Two letters that changed places. */
function areSwapped(a: string, b: string): boolean {
  return levenshteinDistance(a, b) === 2 && a.length === b.length &&
    [...a].sort().join() === [...b].sort().join();
}

/** Words that say nothing of what a name is about. */
const EMPTY = new Set(["id", "at", "is", "on", "by", "of", "p", "user"]);

/** Whether all words of `part` are words of `whole`, and one of them says something. */
function contains(whole: string, part: string): boolean {
  const words = whole.split("_");
  const parts = part.split("_");
  return parts.every((word) => words.includes(word)) &&
    parts.some((word) => !EMPTY.has(word));
}

/** Whether `whole` is `part` with something before or after it. */
function lengthens(whole: string, part: string): boolean {
  return part.length > 2 && (whole.startsWith(part) || whole.endsWith(part));
}

/** A short property keeps the variable it stands for. */
export function inProperty(name: Name, property: Property | undefined) {
  return (text: string) => property?.shorthand ? `${text}: ${name.text}` : text;
}

/** What is read from the result keeps its name. */
export function inResult(name: Name) {
  return (text: string) => `${name.text}:${text}`;
}
