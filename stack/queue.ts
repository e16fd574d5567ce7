/** Returns a function that runs the work it is given one at a time, in the order of the calls. */
export function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {}); // the caller's to handle: it gets `result`
    return result;
  };
}
