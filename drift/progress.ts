import process from "node:process";
import type { Progress } from "./gate.ts";

/** Sooner than this nobody wonders. */
const PATIENCE_MS = 2_000;
const INTERVAL_MS = 100;

/** A line on the terminal that says how far it is, once it takes long; nothing where there is none. */
export interface Meter {
  readonly files: Progress;
  /** What is being done. */
  readonly say: (text: string) => void;
  readonly clear: () => void;
}

export function openMeter(isTerminal = process.stderr.isTTY === true): Meter {
  const started = performance.now();
  let last = 0;
  let isShown = false;
  const write = (text: string) => process.stderr.write(`\r\x1b[K${text}`);
  const show = (text: string) => {
    const now = performance.now();
    if (!isTerminal || now - started < PATIENCE_MS) return;
    if (now - last < INTERVAL_MS) return;
    last = now;
    isShown = true;
    write(text);
  };
  return {
    files: (done, total) => show(`${done} of ${total} files`),
    say: show,
    clear: () => {
      if (isShown) write("");
      isShown = false;
    },
  };
}
