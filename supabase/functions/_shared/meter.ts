/** How often one request calls the database and how long it waits for it. `endpoint` makes one a request. */
export class Meter {
  #calls = 0;
  #milliseconds = 0;

  /** How many calls were made. */
  get calls(): number {
    return this.#calls;
  }

  /** The time waited for all of them, in milliseconds; that of calls side by side is added up. */
  get milliseconds(): number {
    return this.#milliseconds;
  }

  /** Waits for a call, and counts it, however it ends. */
  async measure<T>(call: PromiseLike<T>): Promise<T> {
    const started = performance.now();
    this.#calls++;
    try {
      return await call;
    } finally {
      this.#milliseconds += performance.now() - started;
    }
  }
}
