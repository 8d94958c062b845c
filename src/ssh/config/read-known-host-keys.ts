import { BdeError } from '../../errors/bde-error.js';
import type { SshEndpoint } from '../../engine/ports/nodes.js';
import { findKnownHostKeys, type KnownHostKeys } from './known-hosts.js';
import { readIfPresent } from './read-if-present.js';

/** A host as known_hosts knows it. */
export interface KnownHost {
  readonly host: string;
  readonly port: number;
}

/**
 * The host keys by which a host is known. One that is not known is never asked for its key.
 *
 * @throws BdeError `HOST_KEY_UNKNOWN` with how to add it, `FILE_UNREADABLE`
 */
export async function readKnownHostKeys(
  known: KnownHost,
  files: readonly string[],
): Promise<Pick<SshEndpoint, 'hostKey' | 'knownFrom'>> {
  const read = await Promise.all(files.map(async (path) => ({ path, text: await readIfPresent(path) })));
  const there = read.filter((file): file is { path: string; text: string } => file.text !== undefined);
  const keys = findKnownHostKeys(
    there.map(({ text }) => text),
    known,
  );
  if (keys.accepted.length === 0) throw unknownError(known, keys, files);
  const naming = there.filter(({ text }) => findKnownHostKeys([text], known).accepted.length > 0);
  return { hostKey: keys.accepted.join('\n'), knownFrom: naming.map(({ path }) => path).join(', ') };
}

function unknownError({ host, port }: KnownHost, keys: KnownHostKeys, files: readonly string[]): BdeError {
  const [first = 'known_hosts'] = files;
  const ask = port === 22 ? host : `-p ${port} ${host}`;
  return new BdeError('HOST_KEY_UNKNOWN', `${whyUnknown({ host, port }, keys, files)}; nothing was sent to it.`, {
    hint:
      'On the machine itself: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub. Here: ' +
      `ssh-keyscan -t ed25519 ${ask} | ssh-keygen -lf -. Where both say the same: ` +
      `ssh-keyscan -t ed25519 ${ask} >>${first}`,
    data: { host, port, files },
  });
}

function whyUnknown({ host, port }: KnownHost, keys: KnownHostKeys, files: readonly string[]): string {
  const name = port === 22 ? host : `[${host}]:${port}`;
  const where = files.join(', ');
  if (keys.revoked.length > 0) return `Every host key of ${name} in ${where} is revoked`;
  if (keys.hasAuthority) {
    return `${name} is known in ${where} by a certificate authority alone, and bde checks host keys, not certificates`;
  }
  return `There is no host key of ${name} in ${where}`;
}
