import { BdeError } from '../errors/bde-error.js';
import { fingerprintOf, type HostKey } from './host-key.js';
import { placeOf, type NamedEndpoint } from './named-endpoint.js';

/** What is known when a login fails. */
export interface FailedLogIn {
  readonly endpoint: NamedEndpoint;
  readonly pinned: readonly HostKey[];
  /** The key that the server showed, if it came that far. */
  readonly shown: Buffer | undefined;
}

/** What is final, as a `BdeError` (`HOST_KEY_MISMATCH`, `LOGIN_REFUSED`); any other error as it is: it may go away. */
export function explainClientError(error: Error & { readonly level?: string }, failed: FailedLogIn): Error {
  const { endpoint, pinned, shown } = failed;
  if (shown !== undefined && !pinned.some(({ blob }) => shown.equals(blob))) {
    return endpoint.knownFrom === undefined
      ? mismatchError(failed, shown, error)
      : changedKeyError(failed, { shown, knownFrom: endpoint.knownFrom }, error);
  }
  // ssh2 tells what failed by level only; its texts say little.
  if (error.level === 'agent') return agentError(failed, error);
  return error.level === 'client-authentication' ? refusedError(failed, error) : error;
}

function mismatchError({ endpoint, pinned }: FailedLogIn, shown: Buffer, cause: Error): BdeError {
  const expected = fingerprintsOf(pinned);
  const found = fingerprintOf(shown);
  const what = `shows host key ${found}, but ${expected} was made for it; nothing was sent`;
  return new BdeError('HOST_KEY_MISMATCH', `${placeOf(endpoint)} ${what}`, {
    hint: 'find out what answers at this address; if the machine was replaced by hand, let bde replace it',
    subject: { node: endpoint.node },
    data: { expected, found },
    cause,
  });
}

/** The host was there before bde, and so was the key by which somebody came to know it. */
function changedKeyError(
  { endpoint, pinned }: FailedLogIn,
  { shown, knownFrom }: { readonly shown: Buffer; readonly knownFrom: string },
  cause: Error,
): BdeError {
  const expected = fingerprintsOf(pinned);
  const found = fingerprintOf(shown);
  const what = `shows host key ${found}, but ${expected} is the one in ${knownFrom}; nothing was sent`;
  return new BdeError('HOST_KEY_MISMATCH', `${placeOf(endpoint)} ${what}`, {
    hint:
      'find out what answers at this address; only if its key was changed on purpose, take the old one out ' +
      '(ssh-keygen -R HOST -f FILE) and add the new one',
    subject: { node: endpoint.node },
    data: { expected, found },
    cause,
  });
}

function fingerprintsOf(keys: readonly HostKey[]): string {
  return keys.map(({ blob }) => fingerprintOf(blob)).join(' or ');
}

function refusedError({ endpoint }: FailedLogIn, cause: Error): BdeError {
  const { user, knownFrom, node } = endpoint;
  const what = knownFrom === undefined ? 'the cluster key' : 'each key that was tried';
  return new BdeError('LOGIN_REFUSED', `${placeOf(endpoint)} refused ${what} for user ${user}`, {
    hint: `check authorized_keys of ${user} on the machine`,
    subject: { node },
    cause,
  });
}

function agentError({ endpoint }: FailedLogIn, cause: Error): BdeError {
  const { user, agent, node } = endpoint;
  const socket = agent?.socket ?? '';
  const what = `the ssh-agent at ${socket} gave no key that could be used: ${cause.message}`;
  return new BdeError('LOGIN_REFUSED', `${placeOf(endpoint)} was not logged in to as ${user}; ${what}`, {
    hint: 'see what the agent has with ssh-add -l, and that SSH_AUTH_SOCK names its socket',
    subject: { node },
    cause,
  });
}
