/**
 * A text that changes whenever a file under one of `paths` is added, removed, renamed or written.
 * Compared at each request instead of watching: a change counts from the very next request on.
 */
export function fingerprint(paths: string[]): string {
  return paths.map(stamp).join("|");
}

function stamp(path: string): string {
  const info = statIfThere(path);
  if (!info) return "";
  if (!info.isDirectory) return `${path}:${info.mtime?.getTime()}:${info.size}`;
  return [...Deno.readDirSync(path)].map(({ name }) => stamp(`${path}/${name}`))
    .sort().join("|");
}

function statIfThere(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
