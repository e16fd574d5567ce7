/** The same item for so many uses, and then a new one: for what a person may do only so often. */
export function rotating<Item>(
  uses: number,
  make: () => Promise<Item>,
): () => Promise<Item> {
  let current: Promise<Item> | undefined;
  let used = 0;
  return () => {
    if (!current || used === uses) {
      current = make();
      used = 0;
    }
    used++;
    return current;
  };
}
