/** What Supabase's runtime adds to the globals, where there is one. */
declare global {
  var EdgeRuntime: { waitUntil(work: Promise<unknown>): void } | undefined;
}

/**
 * Has the platform keep the function running until the work is done, though it has answered
 * (https://supabase.com/docs/guides/functions/background-tasks). The work has to take care of its errors.
 */
export function inBackground(work: Promise<void>): void {
  globalThis.EdgeRuntime?.waitUntil(work);
}
