import { access, readFile } from 'node:fs/promises';

/** True for an error of the system with one of these codes (`ENOENT`, `EBUSY`, …). */
export function hasErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** Whether something is at that path. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Content of a file, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // The last two: a cgroup or a process that vanished between open and read.
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'ENODEV', 'ESRCH')) return undefined;
    throw error;
  }
}
