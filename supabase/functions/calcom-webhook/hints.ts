import type { Booking } from "./payload.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const IDS = [
  "enrollment_id",
  "module_id",
  "group_id",
  "pending_session_id",
] as const;

/**
 * What the link that somebody booked by says of the session. It is the booker who hands it in, so the
 * database believes none of it that does not agree with who booked.
 */
export type Hints =
  & { [Id in (typeof IDS)[number]]?: string }
  & { session_type?: "individual" | "group" };

/** The hints in a booking's metadata, else in its form's answers. */
export function hintsOf({ metadata, responses }: Booking): Hints {
  const given = (name: string): unknown =>
    metadata?.[name] ?? valueOf(responses?.[name]);
  const hints: Hints = {};
  for (const name of IDS) {
    const id = given(name);
    if (typeof id === "string" && UUID.test(id)) hints[name] = id.toLowerCase();
  }
  const type = given("session_type");
  if (type === "individual" || type === "group") hints.session_type = type;
  return hints;
}

function valueOf(response: unknown): unknown {
  return typeof response === "object" && response !== null
    ? Reflect.get(response, "value")
    : undefined;
}
