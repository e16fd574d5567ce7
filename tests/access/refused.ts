import { assertEquals } from "@std/assert";

/** What a request is answered with, as far as it says whether it was refused. */
interface Refusable {
  error: { code: string; message: string } | null;
  status: number;
}

/** A policy, a privilege or a guard said no. */
export function assertRefused(answer: Refusable, about: unknown): void {
  assertEquals(
    [answer.error?.code, answer.status],
    ["42501", 403],
    `${about}: ${answer.error?.message}`,
  );
}

/** A check or a limit said no; answers with its sentence. */
export function assertInvalid(answer: Refusable, about: unknown): string {
  assertEquals(
    [answer.error?.code, answer.status],
    ["23514", 400],
    `${about}: ${answer.error?.message}`,
  );
  return answer.error?.message ?? "";
}
