import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeTarget } from '../engine/ports/nodes.js';
import { parseHostKey } from './host-key.js';
import { quoteWord } from './quote-word.js';

/** How the session is meant. */
export interface OpenSshOptions {
  /** A folder of the caller's that nobody else reads; the login key and the host key are left there (0600). */
  readonly folder: string;
  /** Remote command; none gives a login shell. */
  readonly command?: readonly string[];
  /** Asks for a terminal on the node; without a command there is always one. */
  readonly terminal?: boolean;
}

/** Nothing of the user's own configuration, agents or known hosts counts: one key, one host key. */
const FIXED_OPTIONS = [
  'StrictHostKeyChecking=yes',
  'GlobalKnownHostsFile=/dev/null',
  'UpdateHostKeys=no',
  'IdentitiesOnly=yes',
  'IdentityAgent=none',
  'PasswordAuthentication=no',
  'KbdInteractiveAuthentication=no',
  'LogLevel=ERROR',
];

/** The argv of an OpenSSH client that opens a session on the machine, host key pinned. Writes two files into the folder. */
export async function openSshCommand(target: NodeTarget, options: OpenSshOptions): Promise<readonly string[]> {
  const { folder, command = [], terminal = false } = options;
  const keyFile = join(folder, `${target.machineId}.key`);
  const hostsFile = join(folder, `${target.machineId}.hosts`);
  const { type, blob } = parseHostKey(target.hostKey, target.name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(keyFile, target.privateKey.reveal(), { mode: 0o600 });
  await writeFile(hostsFile, `${hostPattern(target)} ${type} ${blob.toString('base64')}\n`, { mode: 0o600 });
  return [
    ...['ssh', '-F', '/dev/null', '-i', keyFile, '-p', String(target.port), '-l', target.user],
    ...[...FIXED_OPTIONS, `UserKnownHostsFile=${hostsFile}`].flatMap((option) => ['-o', option]),
    ...(terminal ? ['-t'] : []),
    ...['--', target.address, ...command.map(quoteWord)],
  ];
}

/** As OpenSSH looks it up: the port is named only where it is another than 22. */
function hostPattern({ address, port }: NodeTarget): string {
  return port === 22 ? address : `[${address}]:${port}`;
}
