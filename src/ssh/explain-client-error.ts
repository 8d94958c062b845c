import { BdeError } from '../errors/bde-error.js';
import type { NodeTarget } from '../engine/ports/nodes.js';
import { fingerprintOf, type HostKey } from './host-key.js';

/** What is known when a login fails. */
export interface FailedLogIn {
  readonly target: NodeTarget;
  readonly pinned: HostKey;
  /** The key that the server showed, if it came that far. */
  readonly shown: Buffer | undefined;
}

/** What is final, as a `BdeError` (`HOST_KEY_MISMATCH`, `LOGIN_REFUSED`); any other error as it is: it may go away. */
export function explainClientError(error: Error & { readonly level?: string }, failed: FailedLogIn): Error {
  const { pinned, shown } = failed;
  if (shown !== undefined && !shown.equals(pinned.blob)) return mismatchError(failed, shown, error);
  // ssh2 tells what failed by level only; its texts say little.
  return error.level === 'client-authentication' ? refusedError(failed, error) : error;
}

/** For a key that ssh2 cannot read: nothing was tried. */
export function unusableKeyError({ name }: NodeTarget, cause: unknown): BdeError {
  return new BdeError('STATE_INVALID', `the key recorded for logging in to ${name} is no OpenSSH private key`, {
    subject: { node: name },
    cause,
  });
}

function mismatchError({ target, pinned }: FailedLogIn, shown: Buffer, cause: Error): BdeError {
  const expected = fingerprintOf(pinned.blob);
  const found = fingerprintOf(shown);
  const what = `shows host key ${found}, but ${expected} was made for it; nothing was sent`;
  return new BdeError('HOST_KEY_MISMATCH', `${placeOf(target)} ${what}`, {
    hint: 'find out what answers at this address; if the machine was replaced by hand, let bde replace it',
    subject: { node: target.name },
    data: { expected, found },
    cause,
  });
}

function refusedError({ target }: FailedLogIn, cause: Error): BdeError {
  return new BdeError('LOGIN_REFUSED', `${placeOf(target)} refused the cluster key for user ${target.user}`, {
    hint: `check authorized_keys of ${target.user} on the machine`,
    subject: { node: target.name },
    cause,
  });
}

function placeOf({ name, address, port }: NodeTarget): string {
  return `${name} at ${address}:${port}`;
}
