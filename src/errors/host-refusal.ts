import { BdeError } from './bde-error.js';
import type { ErrorCode } from './codes.js';

/** Codes of system calls that fail for the state of the host, not for a mistake of ours; and the way out of each. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  EACCES: 'Make it accessible for the user that runs bde, or run bde as root.',
  EDQUOT: 'Free space there or raise the quota, then run the command again.',
  EIO: 'Look at the kernel log (dmesg): the disk fails.',
  EMFILE: 'Raise the limit of open files (ulimit -n), then run the command again.',
  ENFILE: 'Raise fs.file-max, then run the command again.',
  ENOMEM: 'Free memory on this host, then run the command again.',
  ENOSPC: 'Free space on the disk that holds it, then run the command again.',
  EPERM: 'Run bde as root.',
  EROFS: 'Mount it writable, then run the command again.',
};

/** What Node tells of a system call that failed. */
interface SystemError extends Error {
  readonly code: string;
  readonly syscall?: string;
  readonly path?: string;
  readonly dest?: string;
}

/**
 * Gives what `work` gives; where a system call failed for the state of the host (disk full, read-only, no permission), as
 * an error with this code that names call, file and way out. Any other error stays as it is.
 *
 * @throws BdeError the given code
 */
export async function tellHostRefusals<Result>(code: ErrorCode, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw isHostRefusal(error) ? refused(code, error) : error;
  }
}

function isHostRefusal(error: unknown): error is SystemError {
  return error instanceof Error && 'syscall' in error && 'code' in error && Object.hasOwn(WAYS_OUT, String(error.code));
}

function refused(code: ErrorCode, error: SystemError): BdeError {
  const file = error.dest ?? error.path;
  // Node's own: `ENOSPC: no space left on device, copyfile '/a' -> '/b'`.
  const reason = /^\w+: ([^,]+)/.exec(error.message)?.[1] ?? error.message;
  const where = file === undefined ? '' : ` of ${file}`;
  return new BdeError(code, `The host refused ${error.syscall ?? 'a call'}${where}: ${reason}.`, {
    hint: WAYS_OUT[error.code],
    subject: file === undefined ? {} : { file },
    cause: error,
  });
}
