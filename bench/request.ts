import type { Send } from "./contest.ts";

/** Sends this request and reads the answer to its end. @throws {Error} on any other status */
export function expecting(
  status: number,
  path: string,
  init: RequestInit = {},
): Send {
  return async (gateway) => {
    const response = await fetch(gateway + path, init);
    const body = await response.text();
    if (response.status === status) return;
    throw new Error(
      `${path.split("?")[0]}: ${response.status} ${body.slice(0, 200)}`,
    );
  };
}
