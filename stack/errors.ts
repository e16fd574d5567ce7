/** Something the person at the terminal can put right: printed as one line, without a stack. */
export class StackError extends Error {
  override name = "StackError";
}
