/** What the management API refuses, with its status. */
export class Refused extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}
