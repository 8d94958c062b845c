import { stat } from 'node:fs/promises';
import { BdeError } from '../../errors/bde-error.js';
import type { SshAgent, SshEndpoint } from '../../engine/ports/nodes.js';
import { Secret } from '../../errors/secret.js';
import { readPrivateKey } from '../log-in-methods.js';
import { readIfPresent } from './read-if-present.js';

/** Files that may hold keys, and where an agent listens. */
export interface IdentityPlaces {
  /** Must be there. */
  readonly named: readonly string[];
  /** Are passed over where they are not there. */
  readonly usual: readonly string[];
  readonly agentSocket: string | undefined;
  /** The agent's other keys are not tried. */
  readonly identitiesOnly: boolean;
}

/**
 * What a user proves itself with. A key that a passphrase locks is the agent's to use.
 *
 * @throws BdeError `FILE_UNREADABLE`, `SSH_CONFIG_INVALID` for a key that others can read, or that nobody can use
 */
export async function readIdentities(places: IdentityPlaces): Promise<Pick<SshEndpoint, 'privateKey' | 'agent'>> {
  const { named, usual, agentSocket } = places;
  const read = [
    ...(await Promise.all(named.map(async (path) => (await readIdentity(path)) ?? missing(path)))),
    ...(await Promise.all(usual.map(readIdentity))),
  ].filter((identity) => identity !== undefined);
  const locked = read.find(({ privateKey, isNamedPublic }) => privateKey === undefined && !isNamedPublic);
  if (locked !== undefined && agentSocket === undefined && named.includes(locked.path)) throw lockedError(locked.path);
  const privateKey = read.flatMap((identity) => identity.privateKey ?? []);
  const only = read.flatMap((identity) => identity.publicLine ?? []);
  return { privateKey, ...(agentSocket === undefined ? {} : { agent: agentOf(places, agentSocket, only) }) };
}

function agentOf({ identitiesOnly }: IdentityPlaces, socket: string, only: readonly string[]): SshAgent {
  return identitiesOnly ? { socket, only } : { socket };
}

interface Identity {
  readonly path: string;
  /** Undefined where it is locked, or the file holds the public half. */
  readonly privateKey: Secret | undefined;
  readonly publicLine: string | undefined;
  readonly isNamedPublic: boolean;
}

async function readIdentity(path: string): Promise<Identity | undefined> {
  const text = await readIfPresent(path);
  const beside = (await readIfPresent(`${path}.pub`))?.trim();
  if (text === undefined) {
    return beside === undefined ? undefined : { path, privateKey: undefined, publicLine: beside, isNamedPublic: true };
  }
  if (/^(ssh|ecdsa|sk)-\S+ /.test(text)) {
    return { path, privateKey: undefined, publicLine: text.trim(), isNamedPublic: true };
  }
  await refuseOpenKey(path);
  const secret = new Secret(text);
  const parsed = readPrivateKey(secret);
  if (parsed === 'invalid') {
    throw new BdeError('SSH_CONFIG_INVALID', `${path} is no private key that bde can read.`, {
      hint: 'Name a key that ssh-keygen made (ed25519, ecdsa or rsa).',
      subject: { file: path },
    });
  }
  if (parsed === 'encrypted') return { path, privateKey: undefined, publicLine: beside, isNamedPublic: false };
  const publicLine = `${parsed.type} ${parsed.getPublicSSH().toString('base64')}`;
  return { path, privateKey: secret, publicLine, isNamedPublic: false };
}

/** As ssh does: what others can read is no secret. */
async function refuseOpenKey(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  throw new BdeError('SSH_CONFIG_INVALID', `Others can read the private key ${path}.`, {
    hint: `Close it: chmod 600 ${path}; and make a new one if it was open for long.`,
    subject: { file: path },
  });
}

function missing(path: string): never {
  throw new BdeError('FILE_UNREADABLE', `There is no private key ${path}.`, { subject: { file: path } });
}

function lockedError(path: string): BdeError {
  return new BdeError('SSH_CONFIG_INVALID', `The private key ${path} is locked by a passphrase, and no agent runs.`, {
    hint: `Give it to an agent: eval "$(ssh-agent)"; ssh-add ${path}`,
    subject: { file: path },
  });
}
