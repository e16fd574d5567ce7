import { type Refusal, refusalOf } from "../_shared/errors.ts";

/** Who asks for what to be done to whom. */
export interface Asked {
  readonly actorId: string;
  readonly sessionId: string;
  readonly userId: string;
}

/** What the database refused, in the words the web app knows. */
export function refuse(
  result: { readonly code: string | null; readonly retry_after: number | null },
): Refusal {
  return refusalOf(
    result,
    result.code === "forbidden"
      ? "Unauthorized: Admin access required"
      : undefined,
  );
}
