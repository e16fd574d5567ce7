import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { DriftFailure } from "../failure.ts";
import { statOf } from "../paths.ts";

const run = promisify(execFile);

/**
 * Runs work on the files of a release.
 *
 * @param release a folder, or a revision of git, whose files are put into a folder meanwhile
 * @throws {DriftFailure} when it is neither
 */
export async function withRelease<T>(
  release: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  if ((await statOf(release))?.isDirectory) return await work(release);
  const folder = await mkdtemp(path.join(tmpdir(), "drift-release-"));
  try {
    const archive = path.join(folder, "release.tar");
    const files = path.join(folder, "files");
    await git("archive", "--format=tar", `--output=${archive}`, release);
    await run("mkdir", [files]);
    await run("tar", ["-xf", archive, "-C", files]);
    return await work(files);
  } catch (error) {
    if (!isOfGit(error)) throw error;
    throw new DriftFailure(
      `--rollout: ${release} is no folder and no revision: ${
        error.stderr.trim().split("\n")[0]
      }`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function git(...args: string[]): Promise<void> {
  await run("git", args);
}

function isOfGit(error: unknown): error is Error & { stderr: string } {
  return error instanceof Error && "stderr" in error &&
    typeof error.stderr === "string" && "cmd" in error &&
    String(error.cmd).startsWith("git ");
}
